import { readFile } from "node:fs/promises";

import { type Nix, NixError } from "@nix-cache/nix-exec";

import { isErrno } from "../errno.ts";
import type { NixSettings } from "./doctor-context.ts";
import { readText } from "./nix-settings.ts";

/** A machine that Nix has build for it. */
export interface RemoteBuilder {
  /** Address of its store, with the key to log in with. */
  readonly store: string;
  /** The address as it is written. */
  readonly name: string;
  /** Systems that it builds for. */
  readonly systems: readonly string[];
}

/** Whether a machine can be reached. */
export interface BuilderAnswer {
  readonly builder: RemoteBuilder;
  /** Why it cannot; absent where it can. */
  readonly failure?: string;
}

/** A machine that wakes up takes a while; one that is down takes longer. */
const PING_TIMEOUT_MS = 20_000;

/** Lists the remote builders of Nix; none where the file that the setting names by default is not there. */
export async function listRemoteBuilders(settings: NixSettings): Promise<readonly RemoteBuilder[]> {
  try {
    return await readRemoteBuilders(readText(settings, "builders"));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

/** Asks remote builders, as the current user, whether they are there. */
export function pingBuilders(
  nix: Nix,
  builders: readonly RemoteBuilder[],
  signal: AbortSignal,
): Promise<readonly BuilderAnswer[]> {
  return Promise.all(
    builders.map(async (builder) => {
      try {
        await nix.pingStore({ store: builder.store, timeoutMs: PING_TIMEOUT_MS, signal });
        return { builder };
      } catch (error) {
        if (!(error instanceof NixError)) throw error;
        return { builder, failure: error.message };
      }
    }),
  );
}

/**
 * Reads the setting `builders`: machines separated by semicolons or line ends, or `@` and a file of them.
 *
 * @throws the system's error when such a file cannot be read
 * @see https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-builders
 */
export async function readRemoteBuilders(setting: string): Promise<readonly RemoteBuilder[]> {
  const entries = setting.split(/[\n;]/).map((entry) => entry.trim());
  const builders = await Promise.all(
    entries.map(async (entry) => {
      if (!entry.startsWith("@")) return parseMachines(entry);
      return parseMachines(await readFile(entry.slice(1).trim(), "utf8"));
    }),
  );
  return builders.flat();
}

/** Reads lines of a file of machines; a comment begins with `#`. */
export function parseMachines(text: string): readonly RemoteBuilder[] {
  const lines = text.split(/[\n;]/).map((line) => line.replace(/#.*/, "").trim());
  return lines.filter((line) => line !== "").map(parseMachine);
}

/** Fields: store, systems, key file, jobs, speed, features, mandatory features, host key; `-` is none. */
function parseMachine(line: string): RemoteBuilder {
  const [name = "", systems = "-", keyFile = "-", , , , , hostKey = "-"] = line.split(/\s+/);
  // An address without a scheme is that of a machine.
  const address = name.includes("://") ? name : `ssh://${name}`;
  const parameters = [
    ...(keyFile === "-" ? [] : [`ssh-key=${encodeURIComponent(keyFile)}`]),
    ...(hostKey === "-" ? [] : [`base64-ssh-public-host-key=${encodeURIComponent(hostKey)}`]),
  ].join("&");
  const separator = address.includes("?") ? "&" : "?";
  return {
    name,
    store: parameters === "" ? address : `${address}${separator}${parameters}`,
    systems: systems === "-" ? [] : systems.split(","),
  };
}
