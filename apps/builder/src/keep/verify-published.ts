import type { Generation } from "@nix-cache/history";
import type { VerifyContentsResult } from "@nix-cache/nix-exec";

import { liveGenerations } from "../live-generations.ts";
import type { KeepingHistory, KeepingView } from "./keeping-state.ts";
import {
  type Closures,
  findLost,
  isNotEmpty,
  readClosures,
  sumNarSizes,
  walkClosure,
} from "./store-state.ts";

/** Hashing a large cache at background priority takes days, not hours. */
const VERIFY_TIMEOUT_MS = 7 * 24 * 60 * 60 * 1000;

/** What is known of a generation's files. */
export interface VerifiedGeneration {
  readonly host: string;
  readonly generation: number;
  readonly toplevel: string;
  /** `missing`: the store does not have it. */
  readonly state: "sound" | "damaged" | "missing";
  /** Store paths of its closure. */
  readonly paths: number;
  /** Their NAR bytes. */
  readonly bytes: number;
  /** Store paths of its closure whose files are not what they were, or cannot be read. */
  readonly damaged: readonly string[];
}

/** What is known of everything that is published. */
export interface Verification {
  readonly generations: readonly VerifiedGeneration[];
  /** Store paths whose files are not what they were. */
  readonly modified: readonly string[];
  /** Store paths with files that are gone or cannot be read. */
  readonly unreadable: readonly string[];
}

/**
 * Hashes every file of everything that is published, each once.
 *
 * @param readAgain what is published when all is hashed: what was dropped meanwhile may be deleted, and is no damage
 */
export async function verifyPublished(
  view: KeepingView,
  readAgain: () => KeepingHistory,
): Promise<Verification> {
  const toplevels = listLive(view.history).map(({ toplevel }) => toplevel);
  const lost = await findLost(view, toplevels);
  const paths = [...new Set(toplevels)].filter((path) => !lost.has(path));
  const closures = await readClosures(view, paths);
  const found = await verifyContents(view, paths);
  const live = listLive(readAgain()).filter(({ toplevel }) => lost.has(toplevel) || closures.has(toplevel));
  const published = walkClosure(
    closures,
    live.map(({ toplevel }) => toplevel),
  );
  const [modified = [], unreadable = []] = [found.modified, found.unreadable].map((damaged) =>
    damaged.filter((path) => published.has(path)),
  );
  const damaged = new Set([...modified, ...unreadable]);
  const describe = (generation: Generation): VerifiedGeneration =>
    lost.has(generation.toplevel)
      ? { ...nameOf(generation), state: "missing", paths: 0, bytes: 0, damaged: [] }
      : { ...nameOf(generation), ...describeClosure(generation.toplevel, closures, damaged) };
  return { generations: live.map(describe), modified, unreadable };
}

function listLive(history: KeepingHistory): readonly Generation[] {
  return history.hosts().flatMap((host) => liveGenerations(history, host).toReversed());
}

async function verifyContents(
  { nix, signal }: KeepingView,
  paths: readonly string[],
): Promise<VerifyContentsResult> {
  if (!isNotEmpty(paths)) return { modified: [], unreadable: [] };
  return nix.verifyContents({ paths, timeoutMs: VERIFY_TIMEOUT_MS, signal });
}

function nameOf({
  host,
  number,
  toplevel,
}: Generation): Pick<VerifiedGeneration, "host" | "generation" | "toplevel"> {
  return { host, generation: number, toplevel };
}

function describeClosure(
  toplevel: string,
  closures: Closures,
  damaged: ReadonlySet<string>,
): Pick<VerifiedGeneration, "state" | "paths" | "bytes" | "damaged"> {
  const closure = walkClosure(closures, [toplevel]);
  const hit = [...closure.intersection(damaged)].toSorted();
  const state = hit.length === 0 ? "sound" : "damaged";
  return { state, paths: closure.size, bytes: sumNarSizes(closures, closure), damaged: hit };
}
