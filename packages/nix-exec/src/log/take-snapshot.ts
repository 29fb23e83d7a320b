import type { BuildSnapshot } from "./build-snapshot.ts";
import type { FailedDerivation } from "./failed-derivation.ts";
import type { MonitorState } from "./monitor-state.ts";
import { nameOfDerivation } from "./store-path-name.ts";

/** Copies what a monitor remembers. */
export function takeSnapshot(state: MonitorState, failures: readonly FailedDerivation[]): BuildSnapshot {
  const { builds, transfers, waiting, totals } = state;
  const failedPaths = new Set(failures.map(({ drvPath }) => drvPath));
  return {
    builds: builds.running(),
    transfers: transfers.running(),
    waiting: [...waiting.values()],
    built: builds.stopped().filter(({ drvPath }) => !failedPaths.has(drvPath)),
    failed: failures.map((failure) => ({ ...failure, name: nameOfDerivation(failure.drvPath) })),
    transferred: transfers.finished(),
    counts: { builds: totals.builds.items(), transfers: totals["copy-paths"].items() },
    bytes: { copied: totals["copy-path"].bytes(), downloaded: totals["file-transfer"].bytes() },
  };
}
