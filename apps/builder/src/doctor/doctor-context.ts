import type { Nix } from "@nix-cache/nix-exec";

import type { BuilderMachineConfig } from "../load-config.ts";
import type { LockState } from "../lock-holder.ts";
import type { NixPlaces } from "../open-nix.ts";
import type { Places } from "../places.ts";
import type { Account } from "./account.ts";
import type { Finding } from "./finding.ts";
import type { HistoryView } from "./history-view.ts";
import type { LoadedCredentials } from "./loaded-secrets.ts";
import type { RootView } from "./root-view.ts";

/** Settings of Nix by name, as Nix types them. */
export type NixSettings = Readonly<Record<string, unknown>>;

/** Says that a check has no Nix to ask; the check of Nix says why. */
export class NixUnusableError extends Error {
  override readonly name = "NixUnusableError";
}

/** What the checks look at. They read; what they write is in `scratchDir`, or in Nix's own caches. */
export interface DoctorContext {
  readonly config: BuilderMachineConfig;
  readonly configFile: string;
  /** The same with the secrets that systemd hands over where the service finds them; messages name the others. */
  readonly serviceConfig: BuilderMachineConfig;
  /** What systemd reads for the service, which need not be able to read these files itself. */
  readonly loaded: LoadedCredentials;
  readonly places: Places;
  /** Who looks: what this user cannot read is hidden from the checks. */
  readonly account: Account;
  /** Whether that is the owner of stateDir, as whom the service works. */
  readonly isService: boolean;
  /** The owner of stateDir; this user while there is none. */
  readonly serviceName: string;
  /** What root sees; undefined where root was not asked to look. */
  readonly rootView: RootView | undefined;
  readonly history: HistoryView;
  /** The command that holds the run lock, or that was killed while it did; undefined when there is neither. */
  readonly lock: LockState | undefined;
  /** Nix, as a run has it; throws {@link NixUnusableError} when there is none. */
  readonly nix: () => Promise<Nix>;
  /** Where that Nix has its caches and host keys. */
  readonly nixPlaces: NixPlaces;
  /** The settings of Nix that are in force in a run; throws as `nix`. */
  readonly settings: () => Promise<NixSettings>;
  /** A copy of the file of host keys, to which those of new hosts may be added. */
  readonly knownHostsFile: string;
  /** A directory for what a check must write. */
  readonly scratchDir: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** A check: what it is called, and what it finds. */
export interface Check {
  readonly name: string;
  /** Longest time that it may take; that of most when absent. */
  readonly timeoutMs?: number;
  /** Finds at least one thing; the context's signal ends it. */
  readonly find: (context: DoctorContext) => Promise<readonly Finding[]>;
}
