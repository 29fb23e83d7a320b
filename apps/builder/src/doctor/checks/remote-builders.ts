import { quoteShell } from "../../text/quote-shell.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { usesDaemon } from "../nix-settings.ts";
import { doctorAsRoot } from "../remedies.ts";
import {
  type BuilderAnswer,
  listRemoteBuilders,
  pingBuilders,
  type RemoteBuilder,
} from "../remote-builders.ts";

const report = reportAs("remote-builders");

/** Says whether the machines that Nix has build for it can be reached, by whoever does that for this store. */
export async function checkRemoteBuilders(context: DoctorContext): Promise<readonly Finding[]> {
  const { account, config, rootView, signal } = context;
  const settings = await context.settings();
  const builders = await listRemoteBuilders(settings);
  if (builders.length === 0) return [report.skipped("none are configured")];
  const isByRoot = account.uid !== 0 && (await usesDaemon(settings, config.nix));
  if (!isByRoot) return (await pingBuilders(await context.nix(), builders, signal)).map(judge);
  // The daemon has keys of its own: whether this user can log in says nothing.
  if (rootView?.builders !== undefined) return rootView.builders.map(judge);
  const names = builders.map(({ name }) => name).join(", ");
  return [report.skipped(`the Nix daemon reaches ${names} as root`, { remedy: doctorAsRoot(context) })];
}

function judge({ builder, failure }: BuilderAnswer): Finding {
  const { name, store, systems } = builder;
  const what = systems.length === 0 ? name : `${name} (${systems.join(", ")})`;
  if (failure === undefined) return report.ok(`${what} answers`);
  return report.problem(`${what} does not answer`, { detail: failure, remedy: pingCommand(store) });
}

function pingCommand(store: RemoteBuilder["store"]): string {
  return `nix --extra-experimental-features nix-command store ping --store ${quoteShell(store)}`;
}
