import type { Generation } from "@nix-cache/history";

import { findGenerationRoot } from "../../roots.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { isEffectiveRoot } from "../effective-root.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asBuilder } from "../remedies.ts";

const report = reportAs("roots");

/** Says whether everything that is published is there, and safe from garbage collection. */
export async function checkRoots(context: DoctorContext): Promise<readonly Finding[]> {
  const { history, lock } = context;
  const generations = history.type === "read" ? history.published.flat() : [];
  if (generations.length === 0) return [report.skipped("nothing is published yet")];
  if (lock?.isRunning === true) return [report.skipped("they change while a command is at work")];
  const lost = await findLost(context, generations);
  const states = await Promise.all(generations.map((generation) => findRoot(context, generation)));
  const having = (state: RootState): readonly Generation[] =>
    generations.filter((generation, index) => states[index] === state && !lost.includes(generation));
  const findings = [
    ...reportLost(context, lost),
    ...reportUnprotected(
      context,
      having("missing"),
      "have no GC root: the next garbage collection deletes them",
    ),
    ...reportUnprotected(context, having("ineffective"), "have a link that Nix does not take for a GC root"),
  ];
  return findings.length > 0
    ? findings
    : [report.ok(`${generations.length} generations are in the store, each with its GC root`)];
}

type RootState = "effective" | "ineffective" | "missing";

async function findRoot({ config, places }: DoctorContext, generation: Generation): Promise<RootState> {
  const root = await findGenerationRoot(places, generation);
  if (root === undefined) return "missing";
  return (await isEffectiveRoot(root, config.nix.stateDir)) ? "effective" : "ineffective";
}

async function findLost(
  { nix, signal }: DoctorContext,
  generations: readonly Generation[],
): Promise<readonly Generation[]> {
  const [first, ...more] = [...new Set(generations.map(({ toplevel }) => toplevel))];
  if (first === undefined) return [];
  const invalid = new Set(await (await nix()).findInvalidPaths({ paths: [first, ...more], signal }));
  return generations.filter(({ toplevel }) => invalid.has(toplevel));
}

function reportLost(context: DoctorContext, lost: readonly Generation[]): readonly Finding[] {
  if (lost.length === 0) return [];
  return [
    report.problem(`${nameGenerations(lost)} are published, and not in the store any more`, {
      detail: lost.map(({ toplevel }) => toplevel).join("\n"),
      remedy: `${asBuilder(context, "run")}   # builds anew what is the newest of its host, and lets go of the rest`,
    }),
  ];
}

function reportUnprotected(
  context: DoctorContext,
  generations: readonly Generation[],
  what: string,
): readonly Finding[] {
  if (generations.length === 0) return [];
  const remedy = `${asBuilder(context, "prune")}   # makes them again`;
  return [report.problem(`${nameGenerations(generations)} ${what}`, { remedy })];
}

/** Names generations for a person: `nz 12, we.b 3`. */
function nameGenerations(generations: readonly Generation[]): string {
  return generations.map(({ host, number }) => `${host} ${number}`).join(", ");
}
