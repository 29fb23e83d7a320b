import { reasonOf } from "../reason.ts";
import { type Check, type DoctorContext, NixUnusableError } from "./doctor-context.ts";
import { type Finding, reportAs } from "./finding.ts";
import { doctorAsRoot } from "./remedies.ts";

/** Time of a check that names none: a process of Nix, a few small files. */
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Runs checks side by side, none of which can make another fail.
 *
 * @returns what they found, in the order of the checks
 * @throws the signal's reason when the context's signal aborts
 */
export async function runChecks(
  context: DoctorContext,
  checks: readonly Check[],
): Promise<readonly Finding[]> {
  const findings = await Promise.all(checks.map((check) => runCheck(context, check)));
  context.signal.throwIfAborted();
  return findings.flat();
}

async function runCheck(context: DoctorContext, check: Check): Promise<readonly Finding[]> {
  const { name, timeoutMs = DEFAULT_TIMEOUT_MS, find } = check;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  try {
    return await Promise.race([find({ ...context, signal }), rejectWhenAborted(signal)]);
  } catch (error) {
    const report = reportAs(name);
    if (error instanceof NixUnusableError) return [report.skipped("Nix cannot be used: see nix")];
    if (timeout.aborted) {
      return [
        report.problem(`no answer within ${timeoutMs / 1000} s`, {
          remedy: "find out what hangs, and try again",
        }),
      ];
    }
    if (context.isService) return [report.problem(`cannot be checked: ${reasonOf(error)}`)];
    const remedy = doctorAsRoot(context);
    return [
      report.skipped(`cannot be checked as ${context.account.name}`, { detail: reasonOf(error), remedy }),
    ];
  }
}

/** A check may wait for what no signal ends, such as a disk that is gone. */
function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}
