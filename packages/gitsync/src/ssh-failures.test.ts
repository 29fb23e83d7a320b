import { existsSync } from "node:fs";
import { createServer } from "node:net";

import type { SshdOptions, SshServer } from "@nix-cache/tooling-parts";
import { describe, expect, it, onTestFinished } from "vitest";

import { makeTempDir } from "../test/repository.ts";
import {
  createServedUpstream,
  makeServedOptions,
  startServer,
  writeSshConfig,
  writeTempFile,
} from "../test/ssh.ts";
import { syncRepository } from "./index.ts";
import type { SshOptions } from "./index.ts";

/** A key that no server of ours has. */
const OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

interface Case {
  readonly name: string;
  readonly code: string;
  readonly message: RegExp;
  readonly ssh?: (server: SshServer) => SshOptions;
  readonly sshd?: SshdOptions;
  readonly url?: (server: SshServer) => string;
}

const CASES: readonly Case[] = [
  {
    name: "a key that the server does not know",
    code: "ERR_GITSYNC_AUTH",
    message: /forge knows its public half/,
    ssh: ({ strangerKeyFile }) => ({ keyFile: strangerKeyFile }),
  },
  {
    name: "a key with a passphrase",
    code: "ERR_GITSYNC_KEY",
    message: /needs no passphrase/,
    ssh: ({ encryptedKeyFile }) => ({ keyFile: encryptedKeyFile }),
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
    sshd: { command: 'echo "access denied" >&2; exit 1' },
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
    name: "a login banner, and then silence",
    code: "ERR_GITSYNC_PROTOCOL",
    message: /got "Welcome.*banner/s,
    sshd: { command: "echo Welcome; sleep 600" },
  },
  {
    name: "a session that ends without a word",
    code: "ERR_GITSYNC_PROTOCOL",
    message: /end of the connection/,
    sshd: { command: "exit 0" },
  },
];

describe("syncRepository over a real ssh fails of", () => {
  it.each(CASES)("$name", async ({ code, message, ssh, sshd, url }) => {
    const server = await startServer(sshd);
    const options = makeServedOptions(server, createServedUpstream(), ssh?.(server));

    const outcome = syncRepository({ ...options, ...(url === undefined ? {} : { url: url(server) }) });

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code });
    await expect(outcome).rejects.toThrow(message);
    expect(existsSync(options.directory)).toBe(false);
  });

  it("a server that accepts connections and says nothing", async () => {
    const silent = createServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    silent.listen(0, "127.0.0.1", resolve);
    onTestFinished(() => void silent.close());
    await promise;
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const options = makeServedOptions(await startServer(), createServedUpstream());

    const outcome = syncRepository({ ...options, url: `ssh://git@127.0.0.1:${port}/a`, timeoutMs: 1000 });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
  });

  it("a session that says nothing", async () => {
    const server = await startServer({ command: "sleep 600" });
    const options = makeServedOptions(server, createServedUpstream());

    const outcome = syncRepository({ ...options, timeoutMs: 2000 });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
  });

  it("a missing ssh", async () => {
    const options = makeServedOptions(await startServer(), createServedUpstream());

    const outcome = syncRepository({ ...options, env: { PATH: makeTempDir() } });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_COMMAND" });
    await expect(outcome).rejects.toThrow(/run ssh/);
  });
});
