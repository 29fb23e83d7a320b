import type { NixCommand } from "./command.ts";
import { repairPath } from "./commands/repair-path.ts";
import { verifyPath } from "./commands/verify-path.ts";

/** Options of repairPaths. */
export interface RepairPathsOptions {
  /** Damaged paths, as verifyContents names them: one that is as it should be may be fetched again for nothing. */
  readonly paths: readonly [string, ...string[]];
}

/** A path that is still not what the store's database says. */
interface UnrepairedPath {
  readonly path: string;
  /**
   * - `no-source`: no substituter has it, and its derivation is not known or not in the store
   * - `still-damaged`: it was made anew without success; where a build failed, Nix has removed the damaged files
   */
  readonly reason: "no-source" | "still-damaged";
}

/** What became of each path. */
export interface RepairPathsResult {
  readonly repaired: readonly string[];
  readonly unrepaired: readonly UnrepairedPath[];
}

/** Repairs paths one by one, and hashes each afterwards: Nix reports success even when the build failed. */
export async function repairPaths(
  run: <Result>(command: NixCommand<Result>) => Promise<Result>,
  { paths }: RepairPathsOptions,
): Promise<RepairPathsResult> {
  const repaired: string[] = [];
  const unrepaired: UnrepairedPath[] = [];
  for (const path of paths) {
    const hasSource = await run(repairPath({ path }));
    const isSound = await run(verifyPath({ path }));
    if (isSound) repaired.push(path);
    else unrepaired.push({ path, reason: hasSource ? "still-damaged" : "no-source" });
  }
  return { repaired, unrepaired };
}
