import type { HostResult } from "@nix-cache/history";

import { isForeignHost } from "../foreign-host.ts";
import { failureClassOf, type HostStep, HostStepError } from "../host-failure.ts";
import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";
import { buildHost } from "./build.ts";
import { evaluateHost } from "./evaluate.ts";
import { publishHost } from "./publish.ts";
import { salvageHost } from "./salvage.ts";
import { signClosure } from "./sign.ts";
import type { LockedFlake } from "./update.ts";

/** What to bring to publication, and in which run. */
export interface HostJob {
  readonly run: Run;
  readonly flake: LockedFlake;
  readonly host: string;
}

/**
 * Brings one host to publication. Whatever goes wrong with it is this host's result and nobody else's: what was
 * published for it before stays.
 *
 * @returns what became of it; undefined for a host that was not asked for by name and is for another kind of machine
 */
export async function processHost(
  deps: RunDeps,
  { run, flake, host }: HostJob,
): Promise<HostResult | undefined> {
  const startedAt = deps.now();
  const base = () => ({
    run: run.id,
    host,
    durationMs: Math.max(0, deps.now().getTime() - startedAt.getTime()),
  });
  const step = <Result>(name: HostStep, work: () => Promise<Result>): Promise<Result> =>
    run.step(name, () => nameStep(name, work), host);
  const isAnyHost = deps.config.builder.hosts.includes("*");
  let drvPath: string | undefined;
  try {
    drvPath = await step("evaluate", () => evaluateHost(deps, flake, host));
    const toplevel = await step("build", buildHost.bind(undefined, deps, { run, host, drvPath }));
    await step("sign", () => signClosure(deps, toplevel));
    const { generation, isNew } = await step("publish", () => publishHost(deps, { run, host, toplevel }));
    return { ...base(), state: isNew ? "published" : "unchanged", drvPath, toplevel, generation };
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof HostStepError)) throw error;
    if (drvPath !== undefined && isAnyHost && (await isForeignHost(deps, drvPath, error.cause)))
      return undefined;
    await trySalvage(deps, run, host);
    const failureClass = failureClassOf(error.cause);
    return { ...base(), state: "failed", failedStep: error.step, failureClass, reason: error.message };
  }
}

async function nameStep<Result>(step: HostStep, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new HostStepError(step, cause);
  }
}

/** What cannot be salvaged is built again: no reason to lose why the host failed, or the hosts after it. */
async function trySalvage(deps: RunDeps, run: Run, host: string): Promise<void> {
  try {
    await salvageHost(deps, run, host);
  } catch (error) {
    deps.signal.throwIfAborted();
    deps.log.warn({ host, reason: reasonOf(error) }, "what was built is not kept for the next run");
  }
}
