import { execa } from "execa";

import { NIX_CONFIG } from "./command.ts";
import { ROOT } from "./places.ts";
import type { Site } from "./site.ts";

/** A step of a command at which it is killed. */
export interface KillPoint {
  /** What the first step that counts looks like; see kill-at-step.ts. */
  readonly from: RegExp;
  /** The steps count from 1. */
  readonly at: number;
}

/**
 * Runs nix-cache-builder until a step of it, before which it is killed, unless it has fewer.
 *
 * @returns whether it was killed
 */
export async function killCommand(
  site: Site,
  args: readonly string[],
  { from, at }: KillPoint,
): Promise<boolean> {
  const program = `${ROOT}/tooling/bin/nix-cache-builder`;
  const { exitCode, signal, stdout, stderr } = await execa(program, [...args, "--config", site.configFile], {
    env: {
      HOME: `${site.directory}/home`,
      NIX_CONFIG,
      NIX_REMOTE: "",
      NODE_OPTIONS: `--import=${import.meta.dirname}/kill-at-step.ts`,
      KILL_FROM: from.source,
      KILL_AT: String(at),
    },
    reject: false,
  });
  if (signal === "SIGKILL") return true;
  if (exitCode === 0) return false;
  throw new Error(`expected success or SIGKILL at step ${at}, got ${exitCode}: ${stdout}${stderr}`);
}
