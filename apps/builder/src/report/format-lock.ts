import type { LockInput, Run } from "@nix-cache/history";

import { formatTable } from "../text/format-table.ts";
import { paint } from "../text/paint.ts";
import { toSafeText } from "../text/safe-text.ts";
import { shortRevision } from "../text/short-revision.ts";
import type { WidthOptions } from "./format-history.ts";

/** What a run built with. */
export interface RecordedLock {
  readonly run: string;
  /** `updated`: newer than what is committed, or the same; `failed`, `disabled`: what is committed. */
  readonly updateState?: Run["updateState"];
  /** SHA-256 of the flake.lock, hex. */
  readonly digest: string;
  readonly inputs: readonly LockInput[];
}

/** Writes for people what a flake.lock pins. */
export function formatLock({ digest, inputs, run }: RecordedLock, options: WidthOptions = {}): string {
  const rows = inputs.map(({ lastModified, name, rev, url }) => [
    toSafeText(name),
    shortRevision(rev),
    lastModified?.toISOString().slice(0, 10) ?? "-",
    toSafeText(url),
  ]);
  const heading = ["INPUT", "REVISION", "CHANGED", "FROM"].map((name) => paint("strong", name));
  return `Run ${run}, flake.lock ${shortRevision(digest)}\n\n${formatTable([heading, ...rows], options)}`;
}
