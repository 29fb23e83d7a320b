import { mkdir, readlink } from "node:fs/promises";
import { dirname } from "node:path";

import { createBuildLog } from "@nix-cache/nix-exec";

import { BuildFailedError } from "../build-failed-error.ts";
import { openHostLog } from "../host-log.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";

/** One derivation may take this long. */
const BUILD_TIMEOUT_MS = 6 * 60 * 60 * 1000;
/** A builder that prints nothing for so long hangs. */
const SILENT_TIMEOUT_MS = 60 * 60 * 1000;

/** A derivation to build. */
export interface BuildJob {
  readonly run: Run;
  readonly host: string;
  readonly drvPath: string;
}

/**
 * Builds a host's derivation, rooted in staging, and keeps what the builders said as the host's log.
 *
 * @returns store path of the toplevel
 * @throws {BuildFailedError} saying which derivations failed and why
 */
export async function buildHost(deps: RunDeps, { run, host, drvPath }: BuildJob): Promise<string> {
  const { log, nix, places, signal } = deps;
  const root = places.stagingRoot(run.id, host);
  await mkdir(dirname(root), { recursive: true });
  await using hostLog = openHostLog(`${run.directory}/${host}.log.zst`, log);
  const buildLog = createBuildLog();
  const result = await nix.realise({
    path: drvPath,
    root,
    buildTimeoutMs: BUILD_TIMEOUT_MS,
    maxSilentTimeMs: SILENT_TIMEOUT_MS,
    signal,
    onEvent: (event) => {
      for (const line of buildLog.add(event)) hostLog.write(line);
    },
  });
  if (result.type === "failed") throw new BuildFailedError(result, buildLog.failures());
  return await readlink(root);
}
