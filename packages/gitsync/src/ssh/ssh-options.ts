import { isAbsolute } from "node:path";

/** Seconds that ssh may take to connect, the server's first words included. */
const CONNECT_TIMEOUT_S = 20;

/** Options that no configuration may change: ssh keeps the first value that it reads, and reads these first. */
const FIXED_OPTIONS: readonly string[] = [
  "BatchMode=yes",
  "NumberOfPasswordPrompts=0",
  `ConnectTimeout=${CONNECT_TIMEOUT_S}`,
  // A link that died without a word is noticed after a minute.
  "ServerAliveInterval=15",
  "ServerAliveCountMax=3",
  "ClearAllForwardings=yes",
  "ForwardAgent=no",
  "ForwardX11=no",
  "Tunnel=no",
  "PermitLocalCommand=no",
  "RemoteCommand=none",
  "ControlMaster=no",
  "ControlPath=none",
  "UpdateHostKeys=no",
  "VerifyHostKeyDNS=no",
  // The reasons for a failure are told at this level.
  "LogLevel=INFO",
];

/** How ssh proves who it is, and whom it trusts. */
export interface SshOptions {
  /** Private key, an absolute path; without it ssh uses its own configuration and agent. */
  readonly keyFile?: string;
  /** Host keys to trust, an absolute path, in place of ssh's own files. */
  readonly knownHostsFile?: string;
  /** ssh_config(5) to read in place of the user's and the system's, an absolute path; `none` to read none. */
  readonly configFile?: string;
  /** What to do with a host whose key nobody has told: add the key to the known hosts, or refuse; accept unless given. */
  readonly unknownHosts?: "accept" | "refuse";
}

/** Formats the options that say how ssh behaves and who it is, whatever the host. */
export function formatSshOptions({ configFile, keyFile }: SshOptions): readonly string[] {
  return [
    "-T",
    ...(configFile === undefined
      ? []
      : ["-F", configFile === "none" ? "none" : checkPath("configFile", configFile)]),
    ...FIXED_OPTIONS.map((option) => `-o${option}`),
    ...(keyFile === undefined
      ? []
      : ["-oIdentitiesOnly=yes", `-oIdentityFile=${formatSshPath("keyFile", keyFile)}`]),
  ];
}

/** Formats a path in an option: ssh splits such an option at spaces, and expands % in it. */
export function formatSshPath(name: string, path: string): string {
  return `"${checkPath(name, path).replaceAll("%", "%%")}"`;
}

function checkPath(name: string, path: string): string {
  // ssh would expand ${ in it, and has no way to say a quote in every version.
  if (!isAbsolute(path) || /\p{Cc}|"|\$\{/u.test(path)) {
    throw new TypeError(
      `expected ${name} to be an absolute path without quotes and \${, got ${JSON.stringify(path)}`,
    );
  }
  return path;
}
