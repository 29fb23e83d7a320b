import { syncRepository } from "../src/index.ts";

// What sync-kill.test.ts starts and kills.
const [url = "", directory = "", engine] = process.argv.slice(2);
process.stdout.write("started\n");
await syncRepository({
  url,
  branch: "main",
  directory,
  env: process.env,
  engine: engine === "git" ? "git" : "isomorphic",
});
