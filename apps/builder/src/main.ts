#!/usr/bin/env node
import process from "node:process";

import { createProgram } from "./cli.ts";
import { CommandError } from "./command-error.ts";
import { isErrno } from "./errno.ts";
import { EXIT } from "./exit-codes.ts";
import { reasonOf } from "./reason.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // Stays for good: where it is the last to go, execa's own handler ends this process at once.
  process.on(signal, () => stop.abort(new CommandError(`stopped by ${signal}`, EXIT.failed)));
}

// A reader that has seen enough, such as `head`, is no failure; what changes state goes on without it.
let isReaderGone = false;
process.stdout.on("error", (error) => {
  isReaderGone = isErrno(error, "EPIPE");
  if (isReaderGone) return;
  fail(error);
  process.exit();
});

try {
  await createProgram({ signal: stop.signal }).parseAsync();
} catch (error) {
  if (!isReaderGone || !isErrno(error, "EPIPE")) fail(error);
}

function fail(error: unknown): void {
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
