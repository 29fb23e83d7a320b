import { validateWorkflow } from "@action-validator/core";
import { describe, expect, it } from "vitest";

import { listSteps, readWorkflows } from "./read-workflows.ts";

const WORKFLOWS = await readWorkflows("github");

/** Who may write what; everybody else may read the repository at most. */
const WRITERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "release.yml version": { contents: "write", "pull-requests": "write" },
  "release.yml publish": { contents: "write", "id-token": "write" },
};

const JOBS = WORKFLOWS.flatMap(({ file, jobs }) =>
  jobs.map(({ name, job }) => ({ title: `${file.replace(".github/workflows/", "")} ${name}`, job })),
);

describe.each(WORKFLOWS)("$file", (workflow) => {
  it("is a workflow by GitHub's own schema", () => {
    expect(validateWorkflow(workflow.source).errors).toEqual([]);
  });

  it("gives no rights to jobs that do not ask for them", () => {
    expect(workflow.permissions).toEqual({});
  });

  it("uses actions at a commit, with the version beside it", () => {
    const lines = workflow.source.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));

    expect(lines.length).toBe(listSteps(workflow).filter(({ uses }) => uses !== undefined).length);
    expect(lines.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it("leaves no credentials in its checkout", () => {
    const checkouts = listSteps(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));

    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });
});

describe.each(JOBS)("the job $title", ({ title, job }) => {
  it("may write what it is for, and else only read", () => {
    expect(job.permissions).toEqual(WRITERS[title] ?? { contents: "read" });
  });
});

describe("the actions", () => {
  it("are at one version everywhere", () => {
    const used = WORKFLOWS.flatMap((workflow) => listSteps(workflow).flatMap(({ uses }) => uses ?? []));
    const commits = Map.groupBy(new Set(used.map(withoutSubdirectory)), (uses) => uses.split("@")[0]);

    expect([...commits.values()].filter(({ length }) => length > 1)).toEqual([]);
  });
});

/** `changesets/action/pack@…` is a part of the repository changesets/action. */
function withoutSubdirectory(uses: string): string {
  return uses.replace(/^([\w-]+\/[\w-]+)\/[\w-]+@/, "$1@");
}
