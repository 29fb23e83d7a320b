import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

import { precede } from "./precede.ts";

// What merge-packs.test.ts starts: it merges all packs of a repository, and is killed, or finds the disk full, at the
// n-th thing that it does to the file system. It exits with 0 if it came to its end before that.
const [gitDir = "", fate = "", nth = ""] = process.argv.slice(2);
let left = Number(nth);

function meetFate(): void {
  left -= 1;
  if (left === 0 && fate === "kill") {
    process.kill(process.pid, "SIGKILL");
  }
  if (left === 0) {
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", syscall: "write" });
  }
}

precede(fs, ["write", "writev", "fsync"], meetFate);
precede(fs.promises, ["open", "rename", "rm", "writeFile"], meetFate);
syncBuiltinESMExports();

const { mergePacks } = await import("../src/packs/merge-packs.ts");
const { listPacks } = await import("../src/repository/object-store.ts");
await mergePacks(gitDir, await listPacks(gitDir));
