import { readdir, readlink } from "node:fs/promises";

import type { Collection, Generation, HistoryReader, Usage } from "@nix-cache/history";
import { execa } from "execa";

import type { FleetHosts } from "./fleet.ts";
import type { Site } from "./site.ts";

/** What was found after a night: the history's view, and that of the store and the directories. */
export interface Night {
  readonly night: number;
  /** Text that each host's newest published toplevel holds. */
  readonly served: Readonly<Record<string, string>>;
  /** Text that it should hold: of the last night in which the host was good. */
  readonly expected: Readonly<Record<string, string>>;
  /** `<host>/<number>` of the generations that the history calls published. */
  readonly live: readonly string[];
  /** The same, as GC roots. */
  readonly roots: readonly string[];
  /** The same, as links in cacheDir. */
  readonly links: readonly string[];
  /** Generations whose toplevel, or a path of its closure, was missing after `nix-store --gc`. */
  readonly collected: readonly string[];
  /** NAR bytes of the unique paths in the closures of what is published, as Nix counts them. */
  readonly rootedBytes: number;
  readonly usage: Usage | undefined;
  /** The collection of this night's prune. */
  readonly collection: Collection | undefined;
  /** Bytes on disk by which the prune made the store smaller, as du counts them. */
  readonly shrunkBytes: number;
}

/** A fleet through a month: what it is in each night. */
export interface MonthPlan {
  readonly nights: number;
  readonly hostsOf: (night: number) => FleetHosts;
  readonly beforeRun: (night: number) => Promise<void>;
  /** Comes between the night's run and its prune. */
  readonly beforePrune: (night: number) => Promise<void>;
}

/** Lives through the nights: a commit, a run, a prune, a garbage collection of the machine, a look at everything. */
export async function liveThrough(site: Site, plan: MonthPlan): Promise<readonly Night[]> {
  const nights: Night[] = [];
  const expected: Record<string, string> = {};
  for (let night = 1; night <= plan.nights; night++) {
    const hosts = plan.hostsOf(night);
    for (const [host, { fails, text }] of Object.entries(hosts)) {
      if (fails === undefined) expected[host] = text;
    }
    await site.fleet.commit(hosts);
    await plan.beforeRun(night);
    await site.run();
    await plan.beforePrune(night);
    const since = new Date();
    const before = await diskUsage(site.storeDir);
    await succeed(site.builder("prune"), "prune");
    const after = await diskUsage(site.storeDir);
    await succeed(site.nix("nix-store", "--gc"), "nix-store --gc");
    nights.push(await look(site, { night, expected: { ...expected }, since, shrunkBytes: before - after }));
  }
  return nights;
}

interface Known extends Pick<Night, "night" | "expected" | "shrunkBytes"> {
  /** When the prune started. */
  readonly since: Date;
}

async function look(site: Site, { since, ...known }: Known): Promise<Night> {
  const generations = ask(site, (reader) => reader.hosts().flatMap((host) => published(reader, host)));
  const toplevels = generations.map(({ toplevel }) => toplevel);
  const closure = await site.nix("nix-store", "--query", "--requisites", ...toplevels);
  const paths = closure.stdout.split("\n").filter((path) => path !== "");
  const sizes = await site.nix("nix-store", "--query", "--size", ...paths);
  return {
    ...known,
    served: await readServed(site),
    live: generations.map(({ host, number }) => `${host}/${number}`).toSorted(),
    roots: await listRoots(site),
    links: await listLinks(site),
    collected: closure.exitCode === 0 ? [] : toplevels,
    rootedBytes: sizes.stdout.split("\n").reduce((sum, size) => sum + Number(size), 0),
    usage: ask(site, (reader) => reader.latestUsage()),
    collection: ask(site, (reader) => reader.collections(1).find(({ startedAt }) => startedAt >= since)),
  };
}

function ask<Answer>(site: Site, query: (reader: HistoryReader) => Answer): Answer {
  const answer = site.history((reader) => ({ value: query(reader) }));
  if (answer === undefined) throw new Error("expected a published history, found none");
  return answer.value;
}

function published(reader: HistoryReader, host: string): readonly Generation[] {
  return reader.generations(host).filter(({ condemnedAt }) => condemnedAt === undefined);
}

async function readServed(site: Site): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(`${site.directory}/cache`)).filter((name) => name.endsWith("-result"));
  const hosts = names.map((name) => name.slice(0, -"-result".length)).toSorted();
  const texts = await Promise.all(
    hosts.map(async (host) => (await execa("cat", [`${await site.toplevel(host)}/text`])).stdout),
  );
  return Object.fromEntries(hosts.map((host, index) => [host, texts[index] ?? ""]));
}

async function listRoots(site: Site): Promise<readonly string[]> {
  const directory = `${site.directory}/var/nix/gcroots/nix-cache-builder`;
  const hosts = (await readdir(directory)).filter((name) => !name.startsWith("."));
  const roots = hosts.map(async (host) =>
    (await readdir(`${directory}/${host}`)).map((number) => `${host}/${number}`),
  );
  return (await Promise.all(roots)).flat().toSorted();
}

async function listLinks(site: Site): Promise<readonly string[]> {
  const names = await readdir(`${site.directory}/cache`);
  const links = names.filter((name) => /-result-[0-9]+$/.test(name));
  const targets = await Promise.all(links.map((name) => readlink(`${site.directory}/cache/${name}`)));
  return targets.map((target) => target.split("/").slice(-2).join("/")).toSorted();
}

async function diskUsage(directory: string): Promise<number> {
  const { stdout } = await execa("du", ["--summarize", "--block-size=1", directory]);
  return Number.parseInt(stdout, 10);
}

async function succeed(
  command: Promise<{ readonly exitCode: number | undefined; readonly stderr: string }>,
  name: string,
): Promise<void> {
  const { exitCode, stderr } = await command;
  if (exitCode !== 0) throw new Error(`expected ${name} to succeed, got ${exitCode}: ${stderr}`);
}
