import type { History, HistoryReader } from "@nix-cache/history";
import type { Nix } from "@nix-cache/nix-exec";

import type { BuilderState } from "../builder-state.ts";

/** What the history is asked about what is published. */
export type KeepingHistory = Pick<
  HistoryReader,
  "condemnedGenerations" | "generations" | "hosts" | "lastAttempts" | "latestConfiguredHosts"
>;

/** What looking at the published generations takes. */
export interface KeepingView extends Pick<BuilderState, "config" | "now" | "places" | "signal"> {
  readonly history: KeepingHistory;
  readonly nix: Nix;
}

/** What changing them takes. */
export interface KeepingState extends KeepingView, Pick<BuilderState, "log"> {
  readonly history: History;
}
