import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until a process is gone or only a zombie that nobody has reaped; false after two seconds. */
export async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!(await isRunning(pid))) return true;
    await sleep(20);
  }
  return false;
}

async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "gone) X");
  const state = stat.slice(stat.lastIndexOf(")") + 2).charAt(0);
  return state !== "Z" && state !== "X";
}
