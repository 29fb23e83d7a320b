import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { type History, openHistory } from "@nix-cache/history";
import { describe, expect, it, onTestFinished } from "vitest";

import { requireLatestRun, requireRun } from "./require-run.ts";

const AT = new Date("2026-11-22T02:00:00Z");

async function historyForTest(): Promise<History> {
  const directory = await mkdtemp(`${tmpdir()}/runs-`);
  const history = openHistory(`${directory}/history.sqlite`, { now: AT });
  onTestFinished(async () => {
    history.close();
    await rm(directory, { recursive: true });
  });
  return history;
}

describe("requireRun", () => {
  it("finds runs of the same second too", async () => {
    const history = await historyForTest();
    const run = { startedAt: AT, branch: "main", flakeUrl: "/srv/flake" };
    const ids = [history.startRun(run), history.startRun(run)];

    expect(ids.map((id) => requireRun(history, id).id)).toEqual(["20261122T020000Z", "20261122T020000Z-2"]);
  });

  it.each(["", "../20261122T020000Z", "20261122T020000Z/..", "20261122", "20261122T020000Z-"])(
    "takes %j for no id",
    async (id) => {
      const history = await historyForTest();

      expect(() => requireRun(history, id)).toThrow(expect.objectContaining({ exitCode: 2 }));
    },
  );

  it("says that a run is not recorded", async () => {
    const history = await historyForTest();

    expect(() => requireRun(history, "20261122T020000Z")).toThrow(expect.objectContaining({ exitCode: 1 }));
    expect(() => requireLatestRun(history)).toThrow("no run is recorded yet");
  });
});
