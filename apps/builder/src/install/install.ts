import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { applyChanges } from "./apply-changes.ts";
import { compareFiles, type FileChange } from "./compare-files.ts";
import { describeInstallation, type InstallationRequest } from "./describe-installation.ts";
import { formatChanges, formatPreview } from "./format-changes.ts";
import { activate, disableUnits, listEnabled } from "./install-files.ts";
import type { Installation } from "./installation.ts";
import { listInstallPaths, renderFiles } from "./render-files.ts";
import { requireBelowRoot } from "./require-below-root.ts";
import { requireSystemd } from "./systemd.ts";
import { placesOfTarget } from "./target.ts";

/** What to install, and how. */
interface InstallOrder extends InstallationRequest {
  /** Whether to say what would be done, and do nothing. */
  readonly isDryRun: boolean;
  /** Takes what is done, as it is done. */
  readonly print: (text: string) => void;
}

/**
 * Installs the units of both apps, their account and their directories, and starts them. Done again, it changes what has
 * to change, and nothing else.
 *
 * @returns what was installed
 * @throws {@link CommandError} 78 for a configuration that cannot be used, 1 when something else is in the way
 */
export async function install(order: InstallOrder): Promise<Installation> {
  const { isDryRun, print } = order;
  requireSystemd(order, { isDryRun });
  requireBelowRoot(order, order.configFile);
  const installation = await describeInstallation(order);
  const places = placesOfTarget(order);
  const changes = compareFiles(renderFiles(installation, places), listInstallPaths(places));
  print(isDryRun ? formatPreview(changes) : formatChanges(changes));
  requireOwnFiles(changes);
  if (isDryRun) return installation;
  await disableUnits(order, listEnabled(changes, "removed"));
  applyChanges(changes);
  const units = await activate({ target: order, places, changes });
  print(units.map((unit) => `enabled    ${unit}\n`).join(""));
  return installation;
}

/** Half an installation is none: what is not ours is in the way of all. */
function requireOwnFiles(changes: readonly FileChange[]): void {
  const left = changes.filter(({ type }) => type === "left").map(({ path }) => path);
  if (left.length === 0) return;
  throw new CommandError(`nothing was installed: move ${left.join(", ")} away, and try again`, EXIT.failed);
}
