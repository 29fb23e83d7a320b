#!/usr/bin/env node
import process from "node:process";

import { createProgram } from "./cli.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import { reasonOf } from "./reason.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // Stays for good: where it is the last to go, execa's own handler ends this process at once.
  process.on(signal, () => stop.abort(new CommandError(`stopped by ${signal}`, EXIT.failed)));
}

try {
  await createProgram({ signal: stop.signal }).parseAsync();
} catch (error) {
  process.stderr.write(`nix-cache-builder: ${explain(error)}\n`);
  process.exitCode = error instanceof CommandError ? error.exitCode : EXIT.failed;
}

/** A full disk is met by Node or by SQLite, which name it and no way out. */
function explain(error: unknown): string {
  const reason = reasonOf(error);
  return /ENOSPC|disk is full/.test(reason)
    ? `the disk is full: free some space and try again (${reason})`
    : reason;
}
