import type { Condemnation, History, NewPublication, NewRun } from "../src/index.ts";

/** The time at which every test starts. */
export const NOW: Date = new Date("2026-11-22T02:00:00Z");

/** A time some minutes after the start. */
export function minutesLater(minutes: number): Date {
  return new Date(NOW.getTime() + minutes * 60_000);
}

/** What every test's run starts with. */
export const NEW_RUN: NewRun = { startedAt: NOW, branch: "main", flakeUrl: "ssh://git@example.org/flake" };

/** How every test condemns a generation. */
export const CONDEMNATION: Condemnation = { at: NOW, reason: "older than the newest 3", plannedBytes: 1000 };

/** Publishes a toplevel as a builder does: under its number where it is known, under a new one where not. */
export function publish(
  history: History,
  facts: Pick<NewPublication, "run" | "host" | "toplevel"> & { readonly at?: Date },
): number {
  const { host, toplevel, at = NOW } = facts;
  const number = history.findGeneration(host, toplevel)?.number ?? history.takeGenerationNumber(host);
  return history.recordPublication({ ...facts, number, at }).number;
}
