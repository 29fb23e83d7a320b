import { listNames, readLinkIfPresent } from "./links.ts";

const RESULT = "-result";

/** Where to look for what is published. */
export interface PublishedPlace {
  /** `<host>-result` links to the host's GC root there, and that to the store. */
  readonly cacheDir: string;
  /** Logical store directory. */
  readonly storeDir: string;
}

/**
 * Reads which toplevel is the newest published one of each host.
 *
 * @returns full store paths, in the order of the host names; none when nothing was published yet
 */
export async function readPublishedToplevels({
  cacheDir,
  storeDir,
}: PublishedPlace): Promise<readonly string[]> {
  const names = (await listNames(cacheDir)).filter((name) => name.endsWith(RESULT)).toSorted();
  const targets = await Promise.all(names.map((name) => followLink(`${cacheDir}/${name}`, storeDir)));
  return targets.filter((target) => target !== undefined);
}

/** Goes at most two steps, and never into the store: its directory may be a logical one that is not there. */
async function followLink(link: string, storeDir: string): Promise<string | undefined> {
  const isToplevel = (path: string | undefined): path is string => path?.startsWith(`${storeDir}/`) === true;
  const first = await readLinkIfPresent(link);
  if (first === undefined || isToplevel(first)) return first;
  const second = await readLinkIfPresent(first);
  return isToplevel(second) ? second : undefined;
}
