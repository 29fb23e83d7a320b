import { spawnSync } from "node:child_process";
import { constants, setPriority } from "node:os";
import process from "node:process";

/** ionice(1): what no other process wants of the disk. */
const IDLE_CLASS = "3";

/** Lets everything else on the machine go first, for this process and those that it starts from now on. */
export function takeBackgroundPriority(): void {
  setPriority(constants.priority.PRIORITY_LOW);
  // Where there is no ionice, the disk is shared as usual.
  spawnSync("ionice", ["--class", IDLE_CLASS, "--pid", String(process.pid)], { stdio: "ignore" });
}
