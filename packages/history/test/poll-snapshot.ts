// Reads a snapshot again and again, as nobody where it can, until a run of the branch "last" is in it.
import { type HistoryReader, openHistorySnapshot } from "../src/index.ts";

const NOBODY = 65_534;
const [file = ""] = process.argv.slice(2);

// After the imports: nobody may not be able to read the checkout.
if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

using snapshot = openHistorySnapshot(file);
process.stdout.write("ready\n");
const seen = new Set<string>();
let reads = 0;
for (;;) {
  const branch = snapshot.read(readLatestBranch);
  reads += 1;
  if (branch === "last") break;
}
process.stdout.write(JSON.stringify({ uid: process.getuid?.(), reads, runs: seen.size }));

function readLatestBranch(history: HistoryReader): string | undefined {
  const run = history.latestRun();
  if (run === undefined) return undefined;
  const steps = history.steps(run.id);
  if (steps.length !== 3) throw new Error(`expected 3 steps in ${run.id}, got ${steps.length}`);
  seen.add(run.id);
  return run.branch;
}
