// Preloaded into nix-cache-builder by NODE_OPTIONS: kills it at one of its steps, each a change of the file system, of the
// history, or a command that it starts. KILL_FROM: what the first step that counts looks like. KILL_AT: its number.
import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import { DatabaseSync, StatementSync } from "node:sqlite";

const FS_CALLS = ["mkdir", "rename", "rm", "rmdir", "symlink", "writeFile"] as const;
const WRITES = /^\s*(?:BEGIN|COMMIT|INSERT|UPDATE|DELETE|VACUUM)/;

const from = new RegExp(process.env["KILL_FROM"] ?? "^");
const killAt = Number(process.env["KILL_AT"]);
let steps = 0;

type Call = (...args: never[]) => unknown;

function takeStep(description: string): void {
  if (steps === 0 && !from.test(description)) return;
  steps += 1;
  if (steps !== killAt) return;
  process.kill(process.pid, "SIGKILL");
  // The signal may take a moment to arrive, in which nothing else is to happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Replaces a function by one that takes a step first. */
function patch<Name extends string>(
  target: Record<Name, Call>,
  name: Name,
  describe: (args: readonly unknown[], self: unknown) => string | undefined,
): void {
  const original = target[name];
  target[name] = function step(this: unknown, ...args: never[]): unknown {
    const description = describe(args, this);
    if (description !== undefined) takeStep(description);
    return Reflect.apply(original, this, args);
  };
}

for (const name of FS_CALLS) {
  patch(fs.promises as Record<typeof name, Call>, name, (args) => `${name} ${args.slice(0, 2).join(" ")}`);
}
patch(
  childProcess as { spawn: Call },
  "spawn",
  ([program, args]) => `spawn ${String(program)} ${String(args)}`,
);
patch(DatabaseSync.prototype as { exec: Call }, "exec", ([sql]) =>
  WRITES.test(String(sql)) ? String(sql) : undefined,
);
for (const name of ["run", "get"] as const) {
  patch(StatementSync.prototype as Record<typeof name, Call>, name, (_, self) => {
    const sql = self instanceof StatementSync ? self.sourceSQL : "";
    return WRITES.test(sql) ? sql : undefined;
  });
}
syncBuiltinESMExports();
