import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { requirePassword, serveGit, startSshServer } from "@nix-cache/tooling-parts";
import type { SshServer } from "@nix-cache/tooling-parts";

import type { EngineName, SyncRepositoryOptions } from "../src/index.ts";
import { startServer } from "./http-server.ts";
import { environment, makeTempDir } from "./repository.ts";
import { sshEnvironment, sshOptions } from "./ssh.ts";

/** How to reach a repository, and with what. */
type Way = Pick<SyncRepositoryOptions, "url" | "env" | "ssh" | "http">;

/** A way to reach a repository of this machine. */
export interface Transport {
  readonly name: string;
  /** What it needs for all tests of a file, if anything. */
  readonly start?: () => Promise<SshServer>;
  readonly open: (upstream: string, server: SshServer | undefined) => Way | Promise<Way>;
}

const TOKEN = "correct-horse-battery-staple";

/** Each way, once. */
const TRANSPORTS: readonly Transport[] = [
  { name: "a path", open: (upstream) => ({ url: upstream, env: environment }) },
  { name: "file://", open: (upstream) => ({ url: pathToFileURL(upstream).href, env: environment }) },
  {
    name: "http",
    open: async (upstream) => ({
      url: `${await startServer(serveGit(upstream))}/upstream`,
      env: environment,
    }),
  },
  {
    name: "http with a token",
    open: async (upstream) => {
      const origin = await startServer(requirePassword(TOKEN, serveGit(upstream)));
      return { url: `${origin}/upstream`, env: environment, http: { tokenFile: writeToken(`${TOKEN}\n`) } };
    },
  },
  {
    name: "ssh",
    start: () => startSshServer(),
    open: (upstream, server) => {
      if (server === undefined) {
        throw new Error("expected a running sshd");
      }
      chmodSync(dirname(upstream), 0o755);
      return { url: server.url(upstream), env: sshEnvironment(server), ssh: sshOptions(server) };
    },
  },
];

/** Every engine with every way. */
export function pairWithEngines(
  engines: readonly EngineName[],
): { readonly engine: EngineName; readonly name: string; readonly transport: Transport }[] {
  return engines.flatMap((engine) =>
    TRANSPORTS.map((transport) => ({ engine, name: transport.name, transport })),
  );
}

/** Writes a token file, gone when the test is over. */
export function writeToken(contents: string): string {
  const path = join(makeTempDir(), "token");
  writeFileSync(path, contents, { mode: 0o600 });
  return path;
}
