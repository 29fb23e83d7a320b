import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { ROOT } from "./places.ts";

/** A running nix-cache-server. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts nix-cache-server and waits until it listens; it is stopped at the end of the scope. */
export async function startServer(configFile: string): Promise<RunningServer> {
  const child = spawn(`${ROOT}/tooling/bin/nix-cache-server`, ["--config", configFile], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const url = await readUrl(child.stdout);
  if (url === undefined) throw new Error("expected the server to listen, and it ended");
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Reads the log up to the event that names the address; the rest is read and dropped, so that it never blocks. */
async function readUrl(output: NodeJS.ReadableStream): Promise<string | undefined> {
  const lines = createInterface({ input: output });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  lines.on("line", (line) => {
    const event: { msg?: string; address?: string } = JSON.parse(line);
    if (event.msg === "listening") resolve(event.address);
  });
  lines.on("close", () => resolve(undefined));
  return promise;
}
