import { readFile } from "node:fs/promises";

import type { HostResult, Run } from "@nix-cache/history";
import { onTestFinished } from "vitest";

import type { FleetHosts } from "./fleet.ts";
import { createSite, type Site, type SiteChanges } from "./site.ts";

/** Two hosts, one with a dot in its name. */
export const HOSTS = { nz: { text: "nz" }, "we.b": { text: "web" } } as const;

/** Makes a builder machine that goes when the current test ends. */
export async function siteForTest(hosts: FleetHosts = HOSTS, changes: SiteChanges = {}): Promise<Site> {
  const site = await createSite(hosts, changes);
  onTestFinished(() => site[Symbol.asyncDispose]());
  return site;
}

/** Reads what the published toplevel of a host holds. */
export async function readText(site: Site, host: string): Promise<string> {
  return readFile(`${await site.toplevel(host)}/text`, "utf8");
}

/** The run that started last, as readers see it. */
export function latestRun(site: Site): Run | undefined {
  return site.history((reader) => reader.latestRun());
}

/** What that run made of its hosts. */
export function latestResults(site: Site): readonly HostResult[] | undefined {
  return site.history((reader) => reader.hostResults(reader.latestRun()?.id ?? ""));
}
