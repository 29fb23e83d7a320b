import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseConfig } from "@nix-cache/config";
import { type History, openHistory } from "@nix-cache/history";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { placesOf } from "../places.ts";
import { forgetRuns } from "./forget-runs.ts";

const NOW = new Date("2026-11-22T02:00:00Z");
const DAY_MS = 24 * 60 * 60 * 1000;

let directory: string;
let history: History;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "forget-runs-"));
  history = openHistory(join(directory, "history.sqlite"), { now: NOW });
});

afterEach(() => {
  history.close();
  rmSync(directory, { recursive: true });
});

/** Records a run with its files; answers its name. */
function run(daysAgo: number): string {
  const startedAt = new Date(NOW.getTime() - daysAgo * DAY_MS);
  const id = history.startRun({ startedAt, branch: "main", flakeUrl: "/srv/flake" });
  history.finishRun(id, { status: "SUCCESS", finishedAt: startedAt });
  mkdirSync(join(directory, "runs", id), { recursive: true });
  return id;
}

async function forget(keepRuns: number): Promise<readonly string[]> {
  const lines = ["[builder]", 'flakeRepo = "/srv/flake"', 'hosts = ["nz"]', `keepRuns = ${keepRuns}`];
  const text = [...lines, `stateDir = "${directory}"`].join("\n");
  const { builder, ...config } = parseConfig(text, { format: "toml" });
  if (builder === undefined) throw new Error("expected a builder section");
  await forgetRuns({ config: { ...config, builder }, history, now: () => NOW, places: placesOf(builder) });
  return readdirSync(join(directory, "runs")).toSorted();
}

describe("forgetRuns", () => {
  it("forgets runs older than keepRuns days, and removes their files", async () => {
    const [old, young, latest] = [run(31), run(29), run(0)];

    const left = await forget(30);

    expect(left).toEqual([young, latest]);
    expect(history.run(old)).toBeUndefined();
    expect(history.run(young)).toBeDefined();
  });

  it("removes the files of runs that were forgotten earlier, but nothing young that it does not know", async () => {
    const latest = run(0);
    for (const name of ["20200101T020000Z", "20261121T020000Z"]) mkdirSync(join(directory, "runs", name));

    expect(await forget(30)).toEqual(["20261121T020000Z", latest]);
  });

  it("forgets nothing with keepRuns = 0", async () => {
    const [old, latest] = [run(10_000), run(0)];

    expect(await forget(0)).toEqual([old, latest]);
  });
});
