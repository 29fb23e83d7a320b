import { BYTES_PER_GB } from "../../gigabyte.ts";
import { formatBytes } from "../../text/format-bytes.ts";
import { formatAge } from "../../text/format-time.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asBuilder } from "../remedies.ts";

const report = reportAs("cache-size");

/** Says what is published takes, against the cap. */
export async function checkCacheSize(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, configFile, history, now } = context;
  const { maxCacheSize } = config.builder;
  const usage = history.type === "read" ? history.usage : undefined;
  if (usage === undefined) return [report.skipped("no run has measured it yet")];
  const { at, overCap, rootedBytes, rootedPaths, underMinFree } = usage;
  const cap = maxCacheSize === 0 ? "no cap" : `cap ${formatBytes(maxCacheSize * BYTES_PER_GB)}`;
  const size = `${formatBytes(rootedBytes)} in ${rootedPaths} store paths, ${cap}; ${formatAge(at, now())} ago`;
  // The cap may be another one by now.
  const isOver = overCap || (maxCacheSize > 0 && rootedBytes > maxCacheSize * BYTES_PER_GB);
  if (!isOver && !underMinFree) return [report.ok(size)];
  const remedy = [
    `${asBuilder(context, "prune", "--what-if", "keepGenerations=1")}   # what it would come to`,
    `builder.maxCacheSize = …   # in ${configFile}, or keepGenerations lower, or hosts fewer, or unpin generations`,
  ].join("\n");
  const summary = isOver ? `over the cap: ${size}` : `what is kept leaves too little room: ${size}`;
  return [report.warning(summary, { detail: "what is left is protected, and nothing else can go", remedy })];
}
