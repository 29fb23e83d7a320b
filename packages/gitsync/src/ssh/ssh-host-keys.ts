import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { formatPinnedHostKeys } from "./known-hosts.ts";
import { formatSshPath } from "./ssh-options.ts";
import type { SshOptions } from "./ssh-options.ts";

/** Options that say which host keys ssh trusts. */
export interface HostKeys {
  readonly args: readonly string[];
  /** Removes the files that were made for it. */
  readonly close: () => Promise<void>;
}

/**
 * Says which keys of one host to trust. A pinned host's key is never learned on first contact; the caller's file may add
 * to the pins, as after a rotation.
 *
 * @param name what ssh looks the host up by
 */
export async function openHostKeys(name: string, options: SshOptions): Promise<HostKeys> {
  const { knownHostsFile } = options;
  const known = knownHostsFile === undefined ? [] : [formatSshPath("knownHostsFile", knownHostsFile)];
  const pins = formatPinnedHostKeys(name);
  if (pins === undefined) {
    return { args: formatHostKeyOptions(options, known), close: () => Promise.resolve() };
  }
  const { close, file } = await writePins(pins);
  return { args: formatHostKeyOptions({ unknownHosts: "refuse" }, [...known, file]), close };
}

/**
 * Formats the options that say which keys of any host to trust. All kinds of key of a pinned host are in its file, so
 * none is learned.
 *
 * @param pinsFile with what {@link formatAllPinnedHostKeys} formats
 */
export function formatAnyHostKeyOptions(options: SshOptions, pinsFile: string): readonly string[] {
  const { knownHostsFile } = options;
  const own =
    knownHostsFile === undefined
      ? []
      : [`-oUserKnownHostsFile=${formatSshPath("knownHostsFile", knownHostsFile)}`];
  return [formatChecking(options), ...own, `-oGlobalKnownHostsFile=${formatSshPath("pinsFile", pinsFile)}`];
}

async function writePins(pins: string): Promise<{ file: string; close: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "gitsync-known-hosts-"));
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const file = join(directory, "known_hosts");
    await writeFile(file, pins, { mode: 0o600 });
    return { file: formatSshPath("TMPDIR", file), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function formatHostKeyOptions(options: SshOptions, files: readonly string[]): readonly string[] {
  // ssh's own files must not decide where others were named.
  return files.length === 0
    ? [formatChecking(options)]
    : [
        formatChecking(options),
        `-oUserKnownHostsFile=${files.join(" ")}`,
        "-oGlobalKnownHostsFile=/dev/null",
      ];
}

function formatChecking({ unknownHosts = "accept" }: SshOptions): string {
  return `-oStrictHostKeyChecking=${unknownHosts === "accept" ? "accept-new" : "yes"}`;
}
