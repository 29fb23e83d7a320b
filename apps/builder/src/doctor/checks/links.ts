import type { Generation } from "@nix-cache/history";

import { readLinkIfPresent } from "../../links.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { lookAt } from "../file-state.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asBuilder } from "../remedies.ts";

const report = reportAs("links");

/** Says whether the links in cacheDir show what is published. */
export async function checkLinks(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, history, lock, places } = context;
  const published = history.type === "read" ? history.published : [];
  if (published.length === 0) return [report.skipped("nothing is published yet")];
  if (lock?.isRunning === true) return [report.skipped("they change while a command is at work")];
  const { cacheDir } = config.builder;
  if ((await lookAt(places.markerFile)).type === "missing") {
    return [
      report.problem(`${cacheDir} is not the directory that it was: ${places.markerFile} is missing`, {
        remedy: `findmnt --target ${cacheDir}   # is its disk mounted?\n${asBuilder(context, "prune")}   # makes the links again`,
      }),
    ];
  }
  const findings = (
    await Promise.all(published.map((generations) => checkHostLinks(context, generations)))
  ).flat();
  const count = published.flat().length + published.length;
  return findings.length > 0 ? findings : [report.ok(`${count} links in ${cacheDir} show what is published`)];
}

async function checkHostLinks(
  context: DoctorContext,
  generations: readonly Generation[],
): Promise<readonly Finding[]> {
  const { places } = context;
  const present = generations.filter(({ lostAt }) => lostAt === undefined);
  const [newest] = present;
  if (newest === undefined) return [];
  const result = places.resultLink(newest.host);
  const isNewest = await isLinkTo(context, result, newest);
  const shown = await Promise.all(
    present.map((generation) =>
      isLinkTo(context, places.generationLink(generation.host, generation.number), generation),
    ),
  );
  const hidden = present.filter((_generation, index) => shown[index] !== true);
  return [
    ...(isNewest ? [] : [reportNewest(context, result, newest)]),
    ...hidden.map((generation) => reportHidden(context, generation, newest)),
  ];
}

async function isLinkTo(
  { places }: DoctorContext,
  link: string,
  { host, number, toplevel }: Generation,
): Promise<boolean> {
  const target = await readLinkIfPresent(link);
  return target === toplevel || places.generationRoots(host, number).some((root) => root === target);
}

function reportNewest(context: DoctorContext, link: string, { number }: Generation): Finding {
  return report.problem(`${link} does not lead to generation ${number}, the newest`, {
    remedy: `${asBuilder(context, "prune")}   # makes it again`,
  });
}

/** Links are made again, but for those that an administrator removed to be rid of a generation. */
function reportHidden(context: DoctorContext, generation: Generation, newest: Generation): Finding {
  const { host, number, pinned } = generation;
  const link = context.places.generationLink(host, number);
  if (generation === newest || pinned) {
    const remedy = `${asBuilder(context, "prune")}   # makes it again`;
    return report.warning(`${link} is missing, or leads elsewhere`, { remedy });
  }
  return report.warning(`${link} is missing: the next run lets go of the generation if someone removed it`, {
    remedy: `${asBuilder(context, "pin", host, String(number))}   # to keep it`,
  });
}
