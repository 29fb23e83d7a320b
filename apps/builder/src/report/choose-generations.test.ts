import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { type History, openHistory } from "@nix-cache/history";
import { describe, expect, it, onTestFinished } from "vitest";

import { CommandError } from "../command-error.ts";
import { chooseGenerations, type PairRequest } from "./choose-generations.ts";

const AT = new Date("2026-11-22T02:00:00Z");

/** A history in which a host has that many generations; 1 is the oldest. */
async function historyWith(generations: number): Promise<History> {
  const directory = await mkdtemp(`${tmpdir()}/generations-`);
  const history = openHistory(`${directory}/history.sqlite`, { now: AT });
  onTestFinished(async () => {
    history.close();
    await rm(directory, { recursive: true });
  });
  const run = history.startRun({ startedAt: AT, branch: "main", flakeUrl: "/srv/flake" });
  for (let count = 0; count < generations; count++) {
    const number = history.takeGenerationNumber("nz");
    const toplevel = `/nix/store/${String(number).padStart(32, "0")}-nixos-system-nz`;
    history.recordPublication({ run, host: "nz", number, toplevel, at: AT });
  }
  return history;
}

function choose(history: History, request: Omit<PairRequest, "host">): readonly [number, number] {
  const { before, after } = chooseGenerations(history, { host: "nz", ...request });
  return [before.number, after.number];
}

describe("chooseGenerations", () => {
  it("takes the newest and the one before it", async () => {
    expect(choose(await historyWith(3), {})).toEqual([2, 3]);
  });

  it("takes the one that was the newest before, when an old one was published again", async () => {
    const history = await historyWith(3);
    const run = history.startRun({ startedAt: AT, branch: "main", flakeUrl: "/srv/flake" });
    const toplevel = history.generation("nz", 1)?.toplevel ?? "";
    history.recordPublication({ run, host: "nz", number: 1, toplevel, at: AT });

    expect(choose(history, {})).toEqual([3, 1]);
  });

  it("prefers the one that a run compared it with", async () => {
    const history = await historyWith(3);
    history.recordClosureDiff({ host: "nz", number: 3, previous: 1, diff: {} });

    expect(choose(history, {})).toEqual([1, 3]);
  });

  it("takes those that were named, dropped ones too", async () => {
    const history = await historyWith(3);
    history.condemnGeneration({ host: "nz", number: 1 }, { at: AT, reason: "count" });

    expect(choose(history, { before: "1" })).toEqual([1, 3]);
    expect(choose(history, { before: "3", after: "2" })).toEqual([3, 2]);
  });

  it.each(["0", "4", "-1", "1e0", "1.0", "x", ""])("refuses %j, and says which there are", async (before) => {
    const history = await historyWith(3);

    expect(() => choose(history, { before })).toThrow(
      new CommandError(`nz has no generation "${before}": there are 3, 2, 1`, 2),
    );
  });

  it("says that there is none to compare with", async () => {
    const history = await historyWith(1);

    expect(() => choose(history, {})).toThrow(/generation 1 of nz is the first/);
  });

  it("says that nothing is published", async () => {
    const history = await historyWith(0);

    expect(() => choose(history, {})).toThrow(/nothing is published for nz yet/);
  });
});
