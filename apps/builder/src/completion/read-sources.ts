import type { HistoryReader } from "@nix-cache/history";

import { findDefaultConfig } from "../default-config.ts";
import { loadConfig } from "../load-config.ts";
import { placesOf } from "../places.ts";
import { readHistory } from "../read-history.ts";
import { listKnownHosts } from "../report/known-hosts.ts";
import { formatAge } from "../text/format-time.ts";
import type { Candidate, CompletionSources } from "./complete-words.ts";

/** Runs that are offered. */
const OFFERED_RUNS = 20;

/**
 * Prepares to read what completions need.
 *
 * @throws {@link CommandError} when the configuration cannot be used; each answer, when the history cannot be read
 */
export async function readSources(configFile: string | undefined): Promise<CompletionSources> {
  const { builder } = await loadConfig(configFile ?? findDefaultConfig());
  const file = placesOf(builder).publicHistoryFile;
  const ask = <Item>(query: (history: HistoryReader) => readonly Item[]): readonly Item[] | undefined =>
    readHistory(file, query);
  return {
    hosts: () =>
      ask((history) => listKnownHosts(history, builder)) ?? builder.hosts.filter((host) => host !== "*"),
    generations: (host) => ask((history) => listGenerations(history, host)) ?? [],
    runs: () => ask(listRuns) ?? [],
  };
}

function listGenerations(history: HistoryReader, host: string): readonly Candidate[] {
  const now = new Date();
  const kept = history.generations(host).filter(({ deletedAt }) => deletedAt === undefined);
  return kept.map(({ createdAt, number }) => ({
    word: String(number),
    meaning: `made ${formatAge(createdAt, now)} ago`,
  }));
}

function listRuns(history: HistoryReader): readonly Candidate[] {
  return history.runs(OFFERED_RUNS).map(({ id, status }) => ({ word: id, meaning: status }));
}
