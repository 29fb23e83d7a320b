import { readdir, readFile } from "node:fs/promises";

import { parse } from "yaml";

import { ROOT } from "../support/places.ts";

/** One step of a job. */
export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** One job of a workflow. */
interface Job {
  readonly "runs-on": string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A workflow file. */
export interface Workflow {
  /** Relative to the checkout. */
  readonly file: string;
  readonly source: string;
  readonly permissions: unknown;
  readonly triggers: Readonly<Record<string, unknown>>;
  readonly jobs: readonly { readonly name: string; readonly job: Job }[];
}

/** Reads the workflows of a forge. */
export async function readWorkflows(forge: "github" | "forgejo"): Promise<readonly Workflow[]> {
  const directory = `.${forge}/workflows`;
  const names = (await readdir(`${ROOT}/${directory}`)).toSorted();
  return Promise.all(names.map((name) => readWorkflow(`${directory}/${name}`)));
}

async function readWorkflow(file: string): Promise<Workflow> {
  const source = await readFile(`${ROOT}/${file}`, "utf8");
  const {
    on,
    jobs,
    permissions,
  }: { on: Workflow["triggers"]; jobs: Record<string, Job>; permissions: unknown } = parse(source);
  const named = Object.entries(jobs).map(([name, job]) => ({ name, job }));
  return { file, source, permissions, triggers: on, jobs: named };
}

/** The steps of all jobs. */
export function listSteps({ jobs }: Pick<Workflow, "jobs">): readonly Step[] {
  return jobs.flatMap(({ job }) => job.steps);
}
