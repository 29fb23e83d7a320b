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
    const { config } = parseArgs({ options: { config: { type: "string" } } }).values;
    return config === undefined ? undefined : resolve(process.env["INIT_CWD"] ?? ".", config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`${reason}\n${USAGE}`, 2, { cause });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = error.exitCode;
}
