import { access, constants, readFile } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { ROOT } from "../support/places.ts";
import { listSteps, readWorkflows } from "./read-workflows.ts";

const WORKFLOWS = [...(await readWorkflows("github")), ...(await readWorkflows("forgejo"))];

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  await readFile(`${ROOT}/package.json`, "utf8"),
);

describe.each(WORKFLOWS)("$file", (workflow) => {
  const runs = listSteps(workflow).flatMap(({ run }) => (run === undefined ? [] : [run]));
  const given = listSteps(workflow).flatMap((step) => Object.values(step.with ?? {}).map(String));

  it("has scripts that a shell can read", async () => {
    const results = await Promise.all(
      runs.map((run) => execa("bash", ["-n"], { input: run, reject: false })),
    );

    expect(results.filter(({ failed }) => failed).map(({ stderr }) => stderr)).toEqual([]);
  });

  it("runs scripts that package.json has", () => {
    const named = [...runs, ...given].flatMap((text) => [...text.matchAll(/\bp?npm run ([\w:-]+)/g)]);

    expect(named.map(([, name = ""]) => name).filter((name) => !(name in scripts))).toEqual([]);
  });

  it("runs programs that the checkout has", async () => {
    const programs = runs.filter((run) => run.startsWith("."));

    await expect(
      Promise.all(programs.map((program) => access(`${ROOT}/${program}`, constants.X_OK))),
    ).resolves.toHaveLength(programs.length);
  });

  it("puts no secret and nothing that others may write into a command", () => {
    expect(runs.filter((run) => run.includes("${{"))).toEqual([]);
    expect(workflow.source).not.toMatch(/\bsecrets\./);
  });

  it("installs the pnpm that a checkout is set up with", async () => {
    const bootstrap = await readFile(`${ROOT}/tooling/bootstrap/src/dependencies.mjs`, "utf8");
    const [, version = ""] = /PNPM_VERSION = "([\d.]+)"/.exec(bootstrap) ?? [];

    const installed = runs.filter((run) => run.includes("pnpm@"));

    expect(installed.filter((run) => run !== `npm install --global pnpm@${version}`)).toEqual([]);
  });

  it("ends a job that hangs", () => {
    const endless = workflow.jobs.filter(({ job }) => job["timeout-minutes"] === undefined);

    expect(endless.map(({ name }) => name)).toEqual([]);
  });

  it("has steps that either run a script or use an action", () => {
    const unclear = listSteps(workflow).filter(
      ({ run, uses }) => (run === undefined) === (uses === undefined),
    );

    expect(unclear).toEqual([]);
  });
});

describe("the workflows of either forge", () => {
  it.each(["github", "forgejo"] as const)(
    "run .ci/run on %s for each push and each pull request",
    async (forge) => {
      const workflows = await readWorkflows(forge);

      const testing = workflows.filter((workflow) =>
        listSteps(workflow).some(({ run }) => run === ".ci/run"),
      );

      expect(testing.flatMap(({ triggers }) => Object.keys(triggers))).toEqual(
        expect.arrayContaining(["push", "pull_request"]),
      );
    },
  );

  it.each(["github", "forgejo"] as const)("run the full tests on %s every week", async (forge) => {
    const workflows = await readWorkflows(forge);

    const full = workflows.filter((workflow) =>
      listSteps(workflow).some(({ run }) => run === "npm run test:full"),
    );

    expect(full.flatMap(({ triggers }) => Object.keys(triggers))).toEqual(
      expect.arrayContaining(["schedule", "workflow_dispatch"]),
    );
  });
});
