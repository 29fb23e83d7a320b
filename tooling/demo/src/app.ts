import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import { ROOT } from "./places.ts";
import { printLog } from "./print-log.ts";

/** A running app of this checkout. */
export interface RunningApp {
  /** Its exit code, once all that it printed has been shown; 1 when a signal ended it. */
  readonly ended: Promise<number>;
  readonly stop: () => void;
}

/**
 * Starts an app of this checkout; its log is shown one readable line an event.
 *
 * @param name the app's command
 * @param args its arguments
 */
export function startApp(
  name: "nix-cache-builder" | "nix-cache-server",
  args: readonly string[],
): RunningApp {
  const child = spawn(`${ROOT}/tooling/bin/${name}`, args, { stdio: ["ignore", "pipe", "inherit"] });
  return {
    ended: finish(child, printLog(child.stdout)),
    stop: () => {
      child.kill("SIGTERM");
    },
  };
}

async function finish(child: ChildProcess, printed: Promise<void>): Promise<number> {
  const [[code]] = await Promise.all([once(child, "exit"), printed]);
  return typeof code === "number" ? code : 1;
}
