#!/usr/bin/env node
import process from "node:process";

import { createProgram } from "./cli.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => stop.abort(new CommandError(`stopped by ${signal}`, EXIT.failed)));
}

try {
  await createProgram(stop.signal).parseAsync();
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`nix-cache-builder: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
