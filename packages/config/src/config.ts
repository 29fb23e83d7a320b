/** Where Nix and its store are. */
export interface NixConfig {
  /** Absolute directory of the nix executables; absent: found on PATH. */
  readonly binDir?: string;
  /** Logical store directory. */
  readonly storeDir: string;
  /** The database is `<stateDir>/db/db.sqlite`. */
  readonly stateDir: string;
  /** Where the store's files are, when a chroot store is served. */
  readonly realStoreDir: string;
  /** Build logs. */
  readonly logDir: string;
  /** Settings of nix.conf for the builder's Nix processes, over those of the machine. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What the nightly run builds, and where it keeps what it made. */
export interface BuilderConfig {
  /** Scp form, ssh://, https://, http://, file:// or an absolute path. */
  readonly flakeRepo: string;
  /** Host names, or `["*"]`. */
  readonly hosts: readonly string[];
  readonly flakePath: string;
  readonly flakeBranch: string;
  readonly updateFlake: boolean;
  readonly cacheDir: string;
  readonly stateDir: string;
  readonly rootsDir: string;
  /** Where the roots go, registered with Nix one by one, while rootsDir cannot be written. */
  readonly fallbackRootsDir: string;
  /** GB (10^9 bytes) of NAR bytes over unique store paths; 0: unlimited. */
  readonly maxCacheSize: number;
  /** Generations per host; 0: unlimited. */
  readonly keepGenerations: number;
  /** GB (10^9 bytes) to keep free on the disk of the store; 0: no limit. */
  readonly minFreeSpace: number;
  /** Hours for which a generation stays after it was published or confirmed, whatever the limits say. */
  readonly graceHours: number;
  /** Days for which the newest generation of a host stays after the host left the configuration. */
  readonly removedHostDays: number;
  /** How the store paths of dropped generations are deleted: what they alone kept, all garbage, nothing. */
  readonly collect: "targeted" | "full" | "none";
  /** Minutes from dropping a generation to deleting its paths, so that downloads can end. */
  readonly collectGraceMinutes: number;
  /** Days for which runs are remembered; 0: for ever. */
  readonly keepRuns: number;
  readonly signingKeyFile: string;
  /** Used only if present. */
  readonly sshKeyFile: string;
  /** Host keys of SSH servers; one that is not in it yet is added. */
  readonly sshKnownHostsFile: string;
  /** ssh_config(5) in place of the user's and the system's. */
  readonly sshConfigFile?: string;
  /** Access token for an https repository; absent: none is needed. */
  readonly repoTokenFile?: string;
  /** What syncs the repository. */
  readonly gitEngine: "isomorphic" | "git";
  /** Whether the repository's submodules are part of the flake. */
  readonly submodules: boolean;
  /** Whether files of Git LFS have their contents; only with gitEngine "git". */
  readonly lfs: boolean;
  /** Access tokens for the forges that the flake's inputs come from; absent: none. */
  readonly accessTokensFile?: string;
  /** GB (10^9 bytes) of memory that the evaluation of one host may take; 0: no limit. */
  readonly evalMemory: number;
  readonly buildSchedule: string;
  readonly buildTime: string;
}

/** How the store is served, and to whom. */
export interface CacheServerConfig {
  /** For the NixOS module and the launcher; the server itself ignores it. */
  readonly enable: boolean;
  /** An IP address, `localhost`, or `unix:/path`. */
  readonly host: string;
  readonly port: number;
  /** Whether systemd listens and hands the socket over; for service definitions, as `enable` is. */
  readonly socketActivation: boolean;
  /** Substituter priority; lower is asked first. */
  readonly priority: number;
  /** Address ranges of the clients; anyone else is refused. */
  readonly allow: readonly string[];
  readonly signingKeyFiles: readonly string[];
  /** `published`: closures below rootsDir; `store`: every valid path. */
  readonly serve: "published" | "store";
}

/** A configuration with every default filled in. */
export interface Config {
  readonly nix: NixConfig;
  /** Absent on a machine that only serves. */
  readonly builder?: BuilderConfig;
  readonly cacheServer: CacheServerConfig;
}
