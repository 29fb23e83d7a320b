import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

// What sync-submodule-kill.test.ts starts: a sync that is killed at the n-th thing that it does to the file system. It
// exits with 0 if it came to its end before that.
const [url = "", directory = "", engine = "", nth = ""] = process.argv.slice(2);
let left = Number(nth);

/** Puts the end before a function, of which this process alone sees. */
function precede(target: object, names: readonly string[]): void {
  for (const name of names) {
    const original: unknown = Reflect.get(target, name);
    if (typeof original !== "function") {
      throw new TypeError(`expected a function ${name}, got ${typeof original}`);
    }
    Reflect.set(target, name, (...args: unknown[]): unknown => {
      left -= 1;
      if (left === 0) {
        process.kill(process.pid, "SIGKILL");
      }
      return Reflect.apply(original, target, args);
    });
  }
}

precede(fs, ["mkdirSync", "rmdirSync", "symlinkSync", "unlinkSync", "writeFileSync"]);
precede(fs.promises, ["mkdir", "rename", "rm", "writeFile"]);
syncBuiltinESMExports();

const { syncRepository } = await import("../src/index.ts");
await syncRepository({
  url,
  branch: "main",
  directory,
  engine: engine === "git" ? "git" : "isomorphic",
  env: process.env,
  submodules: true,
});
