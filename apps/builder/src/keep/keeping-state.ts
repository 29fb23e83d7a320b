import type { History, HistoryReader } from "@nix-cache/history";
import type { Nix } from "@nix-cache/nix-exec";

import type { BuilderState } from "../builder-state.ts";

/** What looking at the published generations takes. */
export interface KeepingView extends Pick<BuilderState, "config" | "now" | "places" | "signal"> {
  readonly history: HistoryReader;
  readonly nix: Nix;
}

/** What changing them takes. */
export interface KeepingState extends KeepingView, Pick<BuilderState, "log"> {
  readonly history: History;
}
