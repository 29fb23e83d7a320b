import { hideCredentials, readCheckout } from "@nix-cache/gitsync";

import { formatAge } from "../text/format-time.ts";
import type { DoctorContext } from "./doctor-context.ts";
import { type Finding, reportAs } from "./finding.ts";
import { asBuilder } from "./remedies.ts";

/** Says how the checkout stands beside the remote. */
export async function describeCheckout(context: DoctorContext, revision: string): Promise<Finding> {
  const report = reportAs("repository");
  const { config, now } = context;
  const { flakeBranch, flakePath, flakeRepo } = config.builder;
  const checkout = await readCheckout(flakePath);
  if (checkout === undefined)
    return report.skipped(`there is no checkout at ${flakePath} yet: a run makes it`);
  const { branch, commitTime, url } = checkout;
  if (url !== hideCredentials(flakeRepo) || branch !== flakeBranch) {
    const summary = `${flakePath} is a checkout of branch ${branch} of ${url}: the next run replaces it`;
    return report.warning(summary, { remedy: asBuilder(context, "sync") });
  }
  const age = formatAge(commitTime, now());
  const at = `${flakePath} is at ${checkout.revision.slice(0, 12)}, committed ${age} ago`;
  return report.ok(
    checkout.revision === revision ? `${at}: the newest` : `${at}: the next run brings what is newer`,
  );
}
