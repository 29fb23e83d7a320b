import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../test/temporary-directory.ts";
import { type FailedHost, type History, openHistory, type PublishedHost } from "./index.ts";

const TOPLEVEL = "/nix/store/nz-1";

let directory: TemporaryDirectory;
let history: History;
let run: string;

beforeEach(() => {
  directory = createTemporaryDirectory();
  history = openHistory(directory.file("history.sqlite"), { now: NOW });
  run = history.startRun(NEW_RUN);
});

afterEach(() => {
  history.close();
  directory[Symbol.dispose]();
});

function failed(host: string): FailedHost {
  return { run, host, state: "failed", failedStep: "build", reason: "builder failed", durationMs: 7 };
}

describe("recordHostResult", () => {
  it("keeps a published and an unchanged host", () => {
    const nz: PublishedHost = {
      run,
      host: "nz",
      state: "published",
      drvPath: "/nix/store/nz.drv",
      toplevel: TOPLEVEL,
      generation: publish(history, { run, host: "nz", toplevel: TOPLEVEL }),
      durationMs: 1234,
    };
    const mz: PublishedHost = {
      run,
      host: "mz",
      state: "unchanged",
      toplevel: TOPLEVEL,
      generation: publish(history, { run, host: "mz", toplevel: TOPLEVEL }),
      durationMs: 0,
    };

    history.recordHostResult(nz);
    history.recordHostResult(mz);

    expect(history.hostResults(run)).toEqual([mz, nz]);
  });

  it("keeps a failed host with all that is known and without what is not", () => {
    const known: FailedHost = {
      ...failed("nz"),
      failureClass: "out of disk",
      drvPath: "/d.drv",
      toplevel: TOPLEVEL,
    };

    history.recordHostResult(known);
    history.recordHostResult(failed("mz"));

    expect(history.hostResults(run)).toEqual([failed("mz"), known]);
  });

  it("takes one result for each host and run", () => {
    history.recordHostResult(failed("nz"));

    expect(() => history.recordHostResult(failed("nz"))).toThrow(
      expect.objectContaining({ code: "ERR_HISTORY_CONFLICT" }),
    );
  });

  it("refuses a run or a generation that is not recorded", () => {
    const unknown = expect.objectContaining({ code: "ERR_HISTORY_UNKNOWN" });
    const base = {
      host: "nz",
      state: "published",
      toplevel: TOPLEVEL,
      generation: 9,
      durationMs: 1,
    } as const;

    expect(() => history.recordHostResult({ ...base, run })).toThrow(unknown);
    expect(() => history.recordHostResult({ ...failed("nz"), run: "none" })).toThrow(unknown);
    expect(history.hostResults(run)).toEqual([]);
  });
});
