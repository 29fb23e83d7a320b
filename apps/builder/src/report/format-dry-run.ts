import type { DryRun, HostPlan } from "../dry-run.ts";
import type { InputChange } from "../lock/input-changes.ts";
import { formatBytes } from "../text/format-bytes.ts";
import { formatTable } from "../text/format-table.ts";
import { paint } from "../text/paint.ts";
import { firstLineOf, toSafeText } from "../text/safe-text.ts";
import { shortRevision } from "../text/short-revision.ts";

/** Derivations of a host that fit a screen. */
const MAX_LISTED = 10;

const SOURCES = {
  synced: "synced just now",
  previous: paint("warning", "an earlier checkout: the repository cannot be synced"),
  kept: "an earlier checkout, as asked",
} as const;

const UPDATES = {
  updated: "updated",
  failed: paint("warning", "as committed: they cannot be updated"),
  disabled: "as committed",
} as const;

/** Writes for people what a run would do. */
export function formatDryRun(plan: DryRun): string {
  const { branch, hosts, inputs, revision, source, update, updateReason } = plan;
  const direct = inputs.filter(({ name }) => !name.includes("/"));
  const head = [
    `Source:  ${shortRevision(revision)} of ${branch}, ${SOURCES[source]}\n`,
    `Inputs:  ${UPDATES[update]}${direct.length === 0 ? "" : `, ${direct.length} changed:`}\n`,
    ...(updateReason === undefined ? [] : [`         ${firstLineOf(updateReason)}\n`]),
    formatTable(direct.map(formatInput), { indent: "  " }),
  ];
  const rows = hosts.map(formatHost);
  const table = formatTable([["HOST", "TO BUILD", "TO FETCH", "DOWNLOAD", "UNPACKED"], ...rows], {
    right: [1, 2, 3, 4],
  });
  return [...head, "\n", table, ...hosts.map(formatDerivations)].join("");
}

function formatInput({ name, before, after }: InputChange): readonly string[] {
  const versions = `${shortRevision(before?.rev)} → ${shortRevision(after?.rev)}`;
  const day = after?.lastModified?.toISOString().slice(0, 10) ?? "";
  return [toSafeText(name), versions, day];
}

function formatHost(plan: HostPlan): readonly string[] {
  if (plan.type === "failed") {
    return [plan.host, `${paint("bad", "cannot be evaluated")}: ${firstLineOf(plan.reason)}`];
  }
  const { downloadBytes, host, unpackedBytes, willBuild, willSubstitute } = plan;
  if (willBuild.length + willSubstitute.length === 0) return [host, paint("faint", "nothing to do")];
  return [
    host,
    String(willBuild.length),
    String(willSubstitute.length),
    formatBytes(downloadBytes),
    formatBytes(unpackedBytes),
  ];
}

/** The last ones are those that the host is made of. */
function formatDerivations(plan: HostPlan): string {
  if (plan.type === "failed" || plan.willBuild.length === 0) return "";
  const { host, willBuild } = plan;
  const hidden = willBuild.length - MAX_LISTED;
  const shown = willBuild.slice(-MAX_LISTED).map((path) => `  ${nameOf(path)}\n`);
  return [
    `\nTo build for ${host}:\n`,
    ...shown,
    ...(hidden > 0 ? [paint("faint", `  and ${hidden} more; --json lists all\n`)] : []),
  ].join("");
}

function nameOf(drvPath: string): string {
  return toSafeText(drvPath.replace(/^.*\/[0-9a-z]{32}-/, "").replace(/\.drv$/, ""));
}
