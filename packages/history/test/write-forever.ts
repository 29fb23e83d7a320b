// Writes to a history until it is killed; prints each generation number once it has been taken.
import { writeSync } from "node:fs";

import { type History, openHistory } from "../src/index.ts";
import { recordEverything } from "./record-everything.ts";
import { minutesLater, NOW } from "./records.ts";

const [file = "", snapshot = ""] = process.argv.slice(2);
const opened = openHistory(file, { now: NOW });
const history: History = { ...opened, takeGenerationNumber: takeAndPrint };
for (let runs = 1; ; runs++) {
  recordEverything(history);
  for (const condemned of history.condemnedGenerations()) history.recordDeletion(condemned, NOW);
  if (runs % 5 === 0) history.publishSnapshot(snapshot);
  if (runs % 7 === 0) history.forgetBefore(minutesLater(1));
}

function takeAndPrint(host: string): number {
  const number = opened.takeGenerationNumber(host);
  writeSync(1, `${number}\n`);
  return number;
}
