import { type Nix, NixError } from "@nix-cache/nix-exec";

import { isErrno } from "../../errno.ts";
import { quoteShell } from "../../text/quote-shell.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { readText, usesDaemon } from "../nix-settings.ts";
import { readRemoteBuilders, type RemoteBuilder } from "../remote-builders.ts";

const report = reportAs("remote-builders");

/** A machine that wakes up takes a while; one that is down takes longer. */
const PING_TIMEOUT_MS = 20_000;

/** Says whether the machines that Nix has build for it can be reached. */
export async function checkRemoteBuilders(context: DoctorContext): Promise<readonly Finding[]> {
  const settings = await context.settings();
  const builders = await readOrNone(readText(settings, "builders"));
  if (builders.length === 0) return [report.skipped("none are configured")];
  if (context.account.uid !== 0 && (await usesDaemon(settings, context.config.nix))) {
    const names = builders.map(({ name }) => name).join(", ");
    // The daemon has keys of its own; that this user cannot log in says nothing.
    return [
      report.skipped(`the Nix daemon reaches ${names} as root`, {
        remedy: builders.map((builder) => `sudo ${pingCommand(builder)}`).join("\n"),
      }),
    ];
  }
  const nix = await context.nix();
  return Promise.all(builders.map((builder) => ping(context, nix, builder)));
}

/** The setting names a file by default, which most machines do not have. */
async function readOrNone(setting: string): Promise<readonly RemoteBuilder[]> {
  try {
    return await readRemoteBuilders(setting);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

async function ping({ signal }: DoctorContext, nix: Nix, builder: RemoteBuilder): Promise<Finding> {
  const { name, store, systems } = builder;
  const what = systems.length === 0 ? name : `${name} (${systems.join(", ")})`;
  try {
    await nix.pingStore({ store, timeoutMs: PING_TIMEOUT_MS, signal });
    return report.ok(`${what} answers`);
  } catch (error) {
    if (!(error instanceof NixError)) throw error;
    return report.problem(`${what} does not answer`, { detail: error.message, remedy: pingCommand(builder) });
  }
}

function pingCommand({ store }: RemoteBuilder): string {
  return `nix --extra-experimental-features nix-command store ping --store ${quoteShell(store)}`;
}
