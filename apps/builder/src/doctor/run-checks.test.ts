import { describe, expect, it } from "vitest";

import { type Check, type DoctorContext, NixUnusableError } from "./doctor-context.ts";
import { reportAs } from "./finding.ts";
import { runChecks } from "./run-checks.ts";

/** The checks of these tests look at nothing else of it. */
function contextWith(signal: AbortSignal, isService = true): DoctorContext {
  const account = { uid: 1000, gids: [], name: "somebody" };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return { account, configFile: "/c.toml", isService, signal } as Partial<DoctorContext> as DoctorContext;
}

const FINE: Check = { name: "fine", find: async () => [reportAs("fine").ok("all is well")] };

describe("runChecks", () => {
  it("keeps the order of the checks, whichever is done first", async () => {
    const later = Promise.withResolvers<void>();
    const slow: Check = {
      name: "slow",
      find: async () => {
        await later.promise;
        return [reportAs("slow").ok("done")];
      },
    };
    const quick: Check = {
      name: "quick",
      find: async () => {
        later.resolve();
        return [reportAs("quick").ok("done")];
      },
    };

    const findings = await runChecks(contextWith(new AbortController().signal), [slow, quick]);

    expect(findings.map(({ check }) => check)).toEqual(["slow", "quick"]);
  });

  it("tells of a check that fails, and of the others", async () => {
    const broken: Check = { name: "broken", find: () => Promise.reject(new Error("no such thing")) };

    const findings = await runChecks(contextWith(new AbortController().signal), [broken, FINE]);

    expect(findings).toMatchObject([
      { check: "broken", status: "problem", summary: "cannot be checked: no such thing" },
      { check: "fine", status: "ok" },
    ]);
  });

  it("takes what fails for another user than the service's for hidden", async () => {
    const hidden: Check = { name: "hidden", find: () => Promise.reject(new Error("permission denied")) };

    const findings = await runChecks(contextWith(new AbortController().signal, false), [hidden]);

    expect(findings).toMatchObject([
      { status: "skipped", summary: "cannot be checked as somebody", detail: "permission denied" },
    ]);
  });

  it("skips what has to ask a Nix that cannot be used", async () => {
    const asking: Check = { name: "asking", find: () => Promise.reject(new NixUnusableError("no nix")) };

    const findings = await runChecks(contextWith(new AbortController().signal), [asking]);

    expect(findings).toMatchObject([{ check: "asking", status: "skipped" }]);
  });

  it("waits for no check longer than its time", async () => {
    const hanging: Check = { name: "hanging", timeoutMs: 10, find: () => new Promise(() => undefined) };

    const findings = await runChecks(contextWith(new AbortController().signal), [hanging, FINE]);

    expect(findings).toMatchObject([
      { check: "hanging", status: "problem", summary: "no answer within 0.01 s" },
      { check: "fine", status: "ok" },
    ]);
  });

  it("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const hanging: Check = { name: "hanging", find: () => new Promise(() => undefined) };
    const examination = runChecks(contextWith(stop.signal), [hanging]);

    stop.abort(new Error("stopped by SIGINT"));

    await expect(examination).rejects.toThrow("stopped by SIGINT");
  });
});
