import type { Config } from "@nix-cache/config";

/** What is to be installed, and for whom: all that the units hang on. */
export interface Installation {
  /** Whose service manager runs the units. */
  readonly scope: "system" | "user";
  readonly config: Config;
  /** Absolute path, as the services find it. */
  readonly configFile: string;
  readonly commands: AppCommands;
  /** Where the services look for programs. */
  readonly searchPath: readonly string[];
  /** File of the authorities that this machine trusts, where there is one: Node has a list of its own otherwise. */
  readonly authoritiesFile?: string;
  /** Whether Nix's daemon lets in the members of the group nix-users alone, as Debian has it. */
  readonly hasNixUsers: boolean;
  /** Whether no other unit has the name nix-serve.service. */
  readonly isNixServeFree: boolean;
}

/** Command lines that start the two apps, of absolute paths. */
export interface AppCommands {
  readonly builder: readonly string[];
  readonly server: readonly string[];
}
