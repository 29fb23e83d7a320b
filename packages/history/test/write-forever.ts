// Writes to a history until it is killed; prints each generation number once it has been taken.
import { writeSync } from "node:fs";

import { openHistory } from "../src/index.ts";
import { NEW_RUN, NOW } from "./records.ts";

const [file = "", snapshot = ""] = process.argv.slice(2);
const history = openHistory(file, { now: NOW });
for (;;) {
  const run = history.startRun(NEW_RUN);
  const number = history.takeGenerationNumber("nz");
  writeSync(1, `${number}\n`);
  const toplevel = `/nix/store/nz-${number}`;
  history.recordPublication({ run, host: "nz", number, toplevel, at: NOW });
  history.recordHostResult({
    run,
    host: "nz",
    state: "published",
    toplevel,
    generation: number,
    durationMs: 1,
  });
  if (number % 5 === 0) history.publishSnapshot(snapshot);
  history.finishRun(run, { status: "SUCCESS", finishedAt: NOW });
}
