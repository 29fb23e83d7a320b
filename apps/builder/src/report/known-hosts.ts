import type { BuilderConfig } from "@nix-cache/config";
import type { HistoryReader } from "@nix-cache/history";

import { requireKnownHosts } from "../suggest.ts";

/** Names of the hosts that commands can be asked about: those of the configuration, and those that the history knows. */
export function listKnownHosts(history: HistoryReader, { hosts }: BuilderConfig): readonly string[] {
  const configured = hosts.includes("*") ? (history.latestConfiguredHosts() ?? []) : hosts;
  return [...new Set([...configured, ...history.hosts()])];
}

/**
 * Checks that a host exists, or did.
 *
 * @throws {@link CommandError} 2 with the one that was probably meant
 */
export function requireKnownHost(history: HistoryReader, config: BuilderConfig, host: string): void {
  requireKnownHosts([host], listKnownHosts(history, config));
}
