import { access, constants, mkdir, readdir } from "node:fs/promises";

import type { BuilderState } from "./builder-state.ts";
import { isErrno } from "./errno.ts";
import { type Places, placesOf } from "./places.ts";
import { reasonOf } from "./reason.ts";

/** Says, once for each command, where new GC roots go: to rootsDir, or while that cannot be written, to the fallback. */
export async function choosePlaces({ config, log }: Pick<BuilderState, "config" | "log">): Promise<Places> {
  const { fallbackRootsDir, rootsDir } = config.builder;
  const obstacle = await findObstacle(rootsDir);
  if (obstacle === undefined) return placesOf(config.builder);
  const remedy = `give ${rootsDir} and all that is in it to the user who runs this`;
  log.warn(
    { rootsDir, fallbackRootsDir, reason: obstacle, remedy },
    "rootsDir cannot be written: new GC roots go to the fallback, registered with Nix one by one",
  );
  return placesOf(config.builder, fallbackRootsDir);
}

/** A host's own directory may be someone else's, as after a run by root. */
async function findObstacle(rootsDir: string): Promise<string | undefined> {
  try {
    await mkdir(rootsDir, { recursive: true });
    const entries = await readdir(rootsDir, { recursive: true, withFileTypes: true });
    const directories = entries.filter((entry) => entry.isDirectory());
    const paths = directories.map(({ name, parentPath }) => `${parentPath}/${name}`);
    for (const path of [rootsDir, ...paths]) await access(path, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (isErrno(error, "EACCES", "EPERM", "EROFS")) return reasonOf(error);
    throw error;
  }
}
