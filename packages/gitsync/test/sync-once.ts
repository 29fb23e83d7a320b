import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

import { precede } from "./precede.ts";

// What startSync starts: a sync in a process of its own, which is killed at the n-th thing that it does to the file
// system if n is given. It prints "started", and then what came of it as JSON.
const [request = "", nth] = process.argv.slice(2);

if (nth !== undefined) {
  let left = Number(nth);
  const countDown = (): void => {
    left -= 1;
    if (left === 0) {
      process.kill(process.pid, "SIGKILL");
    }
  };
  precede(fs, ["mkdirSync", "rmdirSync", "symlinkSync", "unlinkSync", "writeFileSync"], countDown);
  precede(fs.promises, ["link", "mkdir", "open", "rename", "rm", "writeFile"], countDown);
  syncBuiltinESMExports();
}

const { GitSyncError, syncRepository } = await import("../src/index.ts");
process.stdout.write("started\n");
try {
  const { revision } = await syncRepository({ ...JSON.parse(request), env: process.env });
  process.stdout.write(JSON.stringify({ revision }));
} catch (error) {
  if (!(error instanceof GitSyncError)) {
    throw error;
  }
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
}
