import { describe, expect, it } from "vitest";

import { formatRecord, parseLines, readLogFixture } from "../../test/log-fixtures.ts";
import { createBuildLog } from "./build-log.ts";
import type { FailedDerivation } from "./failed-derivation.ts";

interface Read {
  readonly lines: readonly string[];
  readonly failures: readonly FailedDerivation[];
}

function readLog(lines: readonly string[]): Read {
  const log = createBuildLog();
  const printed = parseLines(lines).flatMap((event) => log.add(event));
  return { lines: printed, failures: log.failures() };
}

async function readFixture(name: string): Promise<Read> {
  return readLog(await readLogFixture(name));
}

const DRV = "/nix/store/00000000000000000000000000000000-slow.drv";
const START_BUILDS = '@nix {"action":"start","id":1,"level":0,"text":"","type":104}';
const START_SLOW = `@nix {"action":"start","id":2,"level":3,"text":"","type":105,"fields":["${DRV}","",1,1]}`;
const ONE_FAILED = '@nix {"action":"result","id":1,"type":105,"fields":[0,1,0,1]}';
const STOP_SLOW = '@nix {"action":"stop","id":2}';

describe.each(["2.8.0", "2.34.8"])("createBuildLog with a log of Nix %s", (version) => {
  it("gives a builder's lines the name of the derivation", async () => {
    const { lines, failures } = await readFixture(`nix-${version}-build-ok`);

    expect(lines).toContain("dep> phase one");
    expect(lines).toContain("dep2> building dep2");
    expect(failures).toEqual([]);
  });

  it("names the derivation that failed, not the one that lacks it", async () => {
    const { lines, failures } = await readFixture(`nix-${version}-build-fail-keepgoing`);

    expect(lines).toContain("bad> boom");
    expect(failures).toEqual([
      {
        drvPath: expect.stringMatching(/-bad\.drv$/),
        reason: "builder",
        message: expect.stringContaining("failed with exit code 3"),
      },
    ]);
  });

  it("leaves out what is only evaluated and looked up", async () => {
    const { lines } = await readFixture(`nix-${version}-build-ok`);

    expect(lines.filter((line) => /evaluating|querying|using revision/.test(line))).toEqual([]);
  });
});

describe("createBuildLog", () => {
  it("names a derivation that was silent for too long on Nix 2.8", async () => {
    const { failures } = await readFixture("nix-2.8.0-realise-silent");

    expect(failures).toMatchObject([{ drvPath: expect.stringMatching(/-slow\.drv$/), reason: "timeout" }]);
  });

  it("finds the derivation of a time-out that names none, told after the build stops", () => {
    const timeout = '@nix {"action":"msg","level":0,"msg":"error: timed out after 2 seconds"}';

    expect(readLog([START_BUILDS, START_SLOW, ONE_FAILED, STOP_SLOW, timeout]).failures).toEqual([
      { drvPath: DRV, reason: "timeout", message: "error: timed out after 2 seconds" },
    ]);
  });

  it("finds the derivation of a time-out that names none, told before the build stops", () => {
    const timeout = '@nix {"action":"msg","level":0,"msg":"error: timed out after 2 seconds"}';

    expect(readLog([START_BUILDS, START_SLOW, ONE_FAILED, timeout, STOP_SLOW]).failures).toMatchObject([
      { drvPath: DRV, reason: "timeout" },
    ]);
  });

  it("lists a failure that no message explains", () => {
    expect(readLog([START_BUILDS, START_SLOW, ONE_FAILED, STOP_SLOW]).failures).toEqual([
      { drvPath: DRV, reason: "unknown", message: "" },
    ]);
  });

  it("does not blame a build that stops between a failure and its message", () => {
    const failed = DRV.replace("slow", "bad");
    const message = {
      action: "msg",
      level: 0,
      msg: `error: builder for '${failed}' failed with exit code 1`,
    };
    const named = `@nix ${JSON.stringify(message)}`;

    expect(readLog([START_BUILDS, START_SLOW, ONE_FAILED, named, STOP_SLOW]).failures).toMatchObject([
      { drvPath: failed },
    ]);
    expect(readLog([START_BUILDS, START_SLOW, ONE_FAILED, STOP_SLOW, named]).failures).toMatchObject([
      { drvPath: failed },
    ]);
  });

  it("does not take a builder's words for Nix's", () => {
    const message = `error: builder for '${DRV}' failed with exit code 1;\n  last 2 log lines:\n  > timed out after 9 s`;

    expect(
      readLog([`@nix ${JSON.stringify({ action: "msg", level: 0, msg: message })}`]).failures,
    ).toMatchObject([{ drvPath: DRV, reason: "builder" }]);
  });

  it("recognises a hash mismatch", () => {
    const message = `error: hash mismatch in fixed-output derivation '${DRV}':\n specified: a\n got: b`;

    expect(
      readLog([`@nix ${JSON.stringify({ action: "msg", level: 0, msg: message })}`]).failures,
    ).toMatchObject([{ drvPath: DRV, reason: "hash-mismatch" }]);
  });

  it("counts a failure once that Determinate Nix tells twice", () => {
    const other = START_SLOW.replace('"id":2', '"id":3').replace("slow", "bad");
    const failed = DRV.replace("slow", "bad");
    const message = { action: "msg", level: 0, msg: `error: builder for '${failed}' failed` };
    const lines = [
      START_BUILDS,
      START_SLOW,
      other,
      ONE_FAILED.replace("0,1]", "0,2]"),
      formatRecord(message),
    ];

    expect(readLog([...lines, formatResult(failed, "PermanentFailure"), STOP_SLOW]).failures).toMatchObject([
      { drvPath: failed, reason: "builder" },
      { drvPath: DRV, reason: "unknown" },
    ]);
  });

  it("does not list a build that Determinate Nix ends because of another", () => {
    expect(readLog([START_BUILDS, START_SLOW, formatResult(DRV, "Cancelled"), STOP_SLOW]).failures).toEqual(
      [],
    );
  });
});

/** Determinate's record of a build that did not succeed. */
function formatResult(drvPath: string, status: string): string {
  const path = { drvPath: drvPath.slice("/nix/store/".length), outputs: ["*"] };
  return formatRecord({ action: "result", id: 0, type: 110, payload: { path, success: false, status } });
}
