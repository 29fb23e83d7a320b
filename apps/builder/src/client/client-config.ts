import { quoteShell } from "../text/quote-shell.ts";
import { SAFETY_ATTRIBUTES, SAFETY_CONF } from "./safety-settings.ts";

/** What a client has to know of this cache. */
export interface CacheFacts {
  /** Substituter URLs, the ones that clients are most likely to reach first. */
  readonly urls: readonly string[];
  /** What keeps clients away, for the administrator to read. */
  readonly notes: readonly string[];
  /** `name:base64`, one for each signing key. */
  readonly publicKeys: readonly string[];
  /** Logical store directory. */
  readonly storeDir: string;
  /** Newest published toplevels, full store paths. */
  readonly toplevels: readonly string[];
}

/** Store that every client has unless it was told otherwise. */
export const DEFAULT_STORE_DIR = "/nix/store";

/**
 * Writes what an administrator pastes into the clients, and a command to try the cache with.
 *
 * @returns text of several lines, ending in a line feed
 */
export function formatClientConfig(facts: CacheFacts): string {
  const { storeDir, urls } = facts;
  const sections = [
    ...urls.map((url) => `Substituter:  ${url}`),
    ...facts.publicKeys.map((key) => `Public key:   ${key}`),
    ...facts.notes.map((note) => `Note:         ${note}`),
    ...(storeDir === DEFAULT_STORE_DIR ? formatSettings(facts) : formatOtherStore(facts)),
    ...formatTrial(facts),
  ];
  return `${sections.join("\n")}\n`;
}

function formatSettings({ urls: [url = ""], publicKeys }: CacheFacts): readonly string[] {
  return [
    "",
    "In nix.conf of every client:",
    `  extra-substituters = ${url}`,
    `  extra-trusted-public-keys = ${publicKeys.join(" ")}`,
    ...SAFETY_CONF.map((line) => `  ${line}`),
    "",
    "Or in its NixOS configuration:",
    "  nix.settings = {",
    `    substituters = [ "${url}" ];`,
    `    trusted-public-keys = [ ${publicKeys.map((key) => `"${key}"`).join(" ")} ];`,
    ...SAFETY_ATTRIBUTES.map((attribute) => `    ${attribute}`),
    "  };",
  ];
}

/** A client substitutes only paths of its own store directory, so nix.conf of a usual client cannot name this. */
function formatOtherStore({ urls: [url = ""], publicKeys, storeDir }: CacheFacts): readonly string[] {
  return [
    "",
    `In nix.conf of every client whose store is ${storeDir}:`,
    `  extra-substituters = ${url}`,
    `  extra-trusted-public-keys = ${publicKeys.join(" ")}`,
    ...SAFETY_CONF.map((line) => `  ${line}`),
  ];
}

function formatTrial({ urls: [url = ""], publicKeys, storeDir, toplevels }: CacheFacts): readonly string[] {
  if (toplevels.length === 0) return ["", "Nothing is published yet."];
  const isDefault = storeDir === DEFAULT_STORE_DIR;
  const store = isDefault ? "" : `store=${encodeURI(storeDir)}`;
  const from = isDefault ? url : `${url}?${store}`;
  // An empty store of one's own needs no build users, which Nix otherwise misses when root runs it.
  const to = isDefault
    ? []
    : ["--option build-users-group ''", `--to "local?root=/tmp/nix-cache-client-$(id -u)&${store}"`];
  const command = [
    "nix copy --extra-experimental-features nix-command",
    `--option trusted-public-keys ${quoteShell(publicKeys.join(" "))}`,
    `--from ${quoteShell(from)}`,
    ...to,
    ...toplevels.map(quoteShell),
  ];
  const where = isDefault ? "on a client" : "into an empty store below /tmp";
  return ["", `To download every host ${where}:`, `  ${command.join(" ")}`];
}
