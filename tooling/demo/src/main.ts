import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { prepareDemo } from "./demo.ts";
import { ROOT } from "./places.ts";
import { StartError } from "./start-error.ts";
import { start } from "./start.ts";

const USAGE = "usage: npm start [-- --config FILE]";

async function main(): Promise<void> {
  const configFile = readArguments();
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopped.abort());
  process.exitCode = await start(configFile ?? (await prepareOwnDemo()), stopped.signal);
}

async function prepareOwnDemo(): Promise<string> {
  const directory = `${ROOT}/.demo`;
  process.stdout.write(`demo   four hosts, in a store of its own below ${directory}\n`);
  return prepareDemo(directory);
}

/** npm changes to the checkout; what the user typed is relative to where it was typed. */
function readArguments(): string | undefined {
  try {
    const { config, help } = parseArgs({
      options: { config: { type: "string" }, help: { type: "boolean" } },
    }).values;
    if (help === true) throw new StartError(USAGE, 0);
    return config === undefined ? undefined : resolve(process.env["INIT_CWD"] ?? ".", config);
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`${reason}\n${USAGE}`, 2, { cause });
  }
}

/** What a full disk says depends on who meets it first: Node, git or SQLite. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isFull = /ENOSPC|No space left on device|failed to write|disk is full/.test(message);
  return isFull ? "the disk is full: free some space and try again" : message;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = error instanceof StartError ? error.exitCode : 1;
}
