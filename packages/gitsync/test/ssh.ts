import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { startSshServer } from "@nix-cache/tooling-parts";
import type { SshdOptions, SshServer } from "@nix-cache/tooling-parts";
import { onTestFinished } from "vitest";

import type { SshOptions, SyncRepositoryOptions } from "../src/index.ts";
import { createUpstream, environment, makeOptions, makeTempDir } from "./repository.ts";

/** Starts a real sshd that stops when the test is over. */
export async function startServer(options?: SshdOptions): Promise<SshServer> {
  const server = await startSshServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** Makes a repository that the server's user may read, who need not be the one that runs the tests. */
export function createServedUpstream(files?: Readonly<Record<string, string>>): string {
  const upstream = createUpstream(files);
  chmodSync(dirname(upstream), 0o755);
  return upstream;
}

/** The environment of an ssh, on machines without one too. */
export function sshEnvironment({ binDir }: SshServer): Record<string, string> {
  return binDir === undefined ? environment : { ...environment, PATH: `${environment["PATH"]}:${binDir}` };
}

/** What a careful caller says of the server: its key, and no configuration of the machine's. */
export function sshOptions(server: SshServer): SshOptions {
  const { keyFile, knownHostsFile } = server;
  return { keyFile, knownHostsFile, configFile: "none", unknownHosts: "refuse" };
}

/** Options of a sync over ssh to a directory where nothing is yet. */
export function makeServedOptions(
  server: SshServer,
  upstream: string,
  ssh: SshOptions = {},
): SyncRepositoryOptions & { readonly ssh: SshOptions } {
  const env = sshEnvironment(server);
  return { ...makeOptions(server.url(upstream)), env, ssh: { ...sshOptions(server), ...ssh } };
}

/** Writes a file that is gone when the test is over, and returns its path. */
export function writeTempFile(text: string, mode = 0o600): string {
  const path = join(makeTempDir(), "file");
  writeFileSync(path, text, { mode });
  return path;
}

/** Writes an ssh_config in which `forge` is the server. */
export function writeSshConfig(server: SshServer, ...lines: readonly string[]): string {
  const { host, port, user } = server;
  return writeTempFile(
    ["Host forge", `HostName ${host}`, `Port ${port}`, `User ${user}`, ...lines].join("\n"),
  );
}
