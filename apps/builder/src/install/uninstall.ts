import { basename } from "node:path";

import { applyChanges } from "./apply-changes.ts";
import { compareFiles } from "./compare-files.ts";
import { formatChanges } from "./format-changes.ts";
import { disableUnits, listEnabled } from "./install-files.ts";
import { listInstallPaths } from "./render-files.ts";
import { requireBelowRoot } from "./require-below-root.ts";
import { requireSystemd, systemctl } from "./systemd.ts";
import { type InstallTarget, placesOfTarget } from "./target.ts";

/** What to remove, and how. */
export interface UninstallOrder extends InstallTarget {
  /** Whether to say what would be done, and do nothing. */
  readonly isDryRun: boolean;
  /** Takes what is done, as it is done. */
  readonly print: (text: string) => void;
}

/**
 * Stops, disables and removes what an installation wrote, and nothing else.
 *
 * @returns whether there was anything to remove
 */
export async function uninstall(order: UninstallOrder): Promise<boolean> {
  const { isDryRun, print, root } = order;
  requireSystemd(order, { isDryRun });
  requireBelowRoot(order);
  const changes = compareFiles([], listInstallPaths(placesOfTarget(order)));
  print(formatChanges(changes));
  const removed = changes.filter(({ type }) => type === "removed");
  if (removed.length === 0 || isDryRun) return removed.length > 0;
  await disableUnits(order, listEnabled(changes, "removed"));
  const services = removed.map(({ path }) => basename(path)).filter((name) => name.endsWith(".service"));
  if (root === "" && services.length > 0) await systemctl(order, "stop", ...services);
  applyChanges(changes);
  if (root === "") await systemctl(order, "daemon-reload");
  return true;
}
