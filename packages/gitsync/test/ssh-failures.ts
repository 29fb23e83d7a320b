import type { SshdOptions, SshServer } from "@nix-cache/tooling-parts";

import type { SshOptions } from "../src/index.ts";
import { writeSshConfig, writeTempFile } from "./ssh.ts";

/** A key that no server of ours has. */
const OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

/** One way in which ssh fails. */
export interface SshFailure {
  readonly name: string;
  readonly code: string;
  /** What the engine that speaks to ssh itself says; the other repeats git's words. */
  readonly message: RegExp;
  /** What the caller says of ssh. */
  readonly ssh?: (server: SshServer) => SshOptions;
  readonly sshd?: SshdOptions;
  /** Where the caller asks for the repository. */
  readonly url?: (server: SshServer) => string;
}

/** What a real sshd can be made to do, or a caller to say, and how that is told. */
export const SSH_FAILURES: readonly SshFailure[] = [
  {
    name: "a key that the server does not know",
    code: "ERR_GITSYNC_AUTH",
    message: /forge knows its public half/,
    ssh: ({ strangerKeyFile }) => ({ keyFile: strangerKeyFile }),
  },
  {
    name: "a missing key",
    code: "ERR_GITSYNC_KEY",
    message: /key file is missing/,
    ssh: () => ({ keyFile: "/nonexistent/key" }),
  },
  {
    name: "a key that others may read",
    code: "ERR_GITSYNC_KEY",
    message: /set its mode to 0600/,
    ssh: () => ({ keyFile: writeTempFile("key\n", 0o644) }),
  },
  {
    name: "a key file that holds something else",
    code: "ERR_GITSYNC_KEY",
    message: /no private key that ssh can read/,
    ssh: () => ({ keyFile: writeTempFile("key\n") }),
  },
  {
    name: "a host that nobody told of",
    code: "ERR_GITSYNC_HOST_UNKNOWN",
    message: /verify its key/,
    ssh: () => ({ knownHostsFile: writeTempFile("") }),
  },
  {
    name: "a known-hosts file that is not there",
    code: "ERR_GITSYNC_HOST_UNKNOWN",
    message: /verify its key/,
    ssh: () => ({ knownHostsFile: "/nonexistent/known_hosts" }),
  },
  {
    name: "a host with another key than the known one",
    code: "ERR_GITSYNC_HOST_KEY",
    message: /somebody may be in between/,
    ssh: ({ port }) => ({ knownHostsFile: writeTempFile(`[127.0.0.1]:${port} ${OTHER_KEY}\n`) }),
  },
  {
    name: "a host with another key than the known one, where unknown hosts are accepted",
    code: "ERR_GITSYNC_HOST_KEY",
    message: /somebody may be in between/,
    ssh: ({ port }) => ({
      knownHostsFile: writeTempFile(`[127.0.0.1]:${port} ${OTHER_KEY}\n`),
      unknownHosts: "accept",
    }),
  },
  {
    name: "a host that passes itself off as a pinned forge, where unknown hosts are accepted",
    code: "ERR_GITSYNC_HOST_KEY",
    message: /Host key for github.com has changed/,
    ssh: (server) => ({
      configFile: writeSshConfig(server, "HostKeyAlias github.com"),
      unknownHosts: "accept",
    }),
    url: () => "forge:repository",
  },
  {
    name: "a name that does not resolve",
    code: "ERR_GITSYNC_NETWORK",
    message: /check its name/,
    url: () => "git@nowhere.invalid:repository",
  },
  {
    name: "a closed port",
    code: "ERR_GITSYNC_NETWORK",
    message: /nothing listens there/,
    url: () => "ssh://git@127.0.0.1:1/repository",
  },
  {
    name: "a configuration that is not there",
    code: "ERR_GITSYNC_COMMAND",
    message: /ssh cannot use its configuration/,
    ssh: () => ({ configFile: "/nonexistent/config" }),
  },
  {
    name: "a configuration with a mistake",
    code: "ERR_GITSYNC_COMMAND",
    message: /Bad configuration option: hots/,
    ssh: () => ({ configFile: writeTempFile("Hots *\n") }),
  },
  {
    name: "a repository that is gone",
    code: "ERR_GITSYNC_REPOSITORY",
    message: /no such repository/,
    url: (server) => server.url("/nonexistent/repository"),
  },
  {
    name: "a directory that is no repository",
    code: "ERR_GITSYNC_REPOSITORY",
    message: /no such repository/,
    url: (server) => server.url("/usr"),
  },
  {
    name: "a host without git",
    code: "ERR_GITSYNC_REPOSITORY",
    message: /no git on the host/,
    sshd: { command: 'eval "$SSH_ORIGINAL_COMMAND"', path: "/nonexistent" },
  },
  {
    name: "a forced command that refuses",
    code: "ERR_GITSYNC_REPOSITORY",
    message: /what the key may do/,
    sshd: { command: 'echo "this key may not fetch" >&2; exit 1' },
  },
  {
    name: "an account that runs other commands only",
    code: "ERR_GITSYNC_REPOSITORY",
    message: /unrecognized command/,
    sshd: { command: "exec git-shell -c other" },
  },
  {
    name: "a start file of the shell that prints",
    code: "ERR_GITSYNC_PROTOCOL",
    message: /got "Welcome.*banner/s,
    sshd: { command: 'echo Welcome; exec git-shell -c "$SSH_ORIGINAL_COMMAND"' },
  },
  {
    name: "a session that ends without a word",
    code: "ERR_GITSYNC_PROTOCOL",
    message: /end of the connection/,
    sshd: { command: "exit 0" },
  },
];

/** What git says otherwise: of a passphrase nothing, and it waits for ssh to end whatever that prints. */
export const DIRECT_SSH_FAILURES: readonly SshFailure[] = [
  {
    name: "a key with a passphrase",
    code: "ERR_GITSYNC_KEY",
    message: /needs no passphrase/,
    ssh: ({ encryptedKeyFile }) => ({ keyFile: encryptedKeyFile }),
  },
  {
    name: "a login banner, and then silence",
    code: "ERR_GITSYNC_PROTOCOL",
    message: /got "Welcome.*banner/s,
    sshd: { command: "echo Welcome; sleep 600" },
  },
];
