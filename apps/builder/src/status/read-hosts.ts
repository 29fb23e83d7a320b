import { ClosureDiffError, parseClosureDiff, summarizeClosureDiff } from "@nix-cache/closure-diff";
import type { Generation, HistoryReader, HostAttempt } from "@nix-cache/history";

import type { GenerationSummary, HostStatus, ResultSummary } from "./status.ts";

/**
 * Reads how it is with each host: those of the configuration, and those that are still published.
 *
 * @param configured names, or `["*"]` for those of the flake as the last run knew them
 */
export function readHosts(history: HistoryReader, configured: readonly string[]): readonly HostStatus[] {
  const known = configured.includes("*") ? (history.latestConfiguredHosts() ?? history.hosts()) : configured;
  const generations = new Map(history.newestGenerations().map((newest) => [newest.host, newest]));
  const results = new Map(history.lastResults().map((result) => [result.host, result]));
  const hosts = [...new Set([...known, ...generations.keys()])];
  return hosts.map((host) => {
    const generation = generations.get(host);
    const result = results.get(host);
    return {
      host,
      configured: known.includes(host),
      ...(generation && { generation: summarizeGeneration(history, generation) }),
      ...(result && { lastResult: summarizeResult(history, result) }),
    };
  });
}

function summarizeGeneration(history: HistoryReader, generation: Generation): GenerationSummary {
  const { closureSize, createdAt, host, lastVerifiedAt, lostAt, number, pinned, revision, toplevel } =
    generation;
  const changes = summarizeChanges(history, host, number);
  return {
    number,
    toplevel,
    createdAt,
    lastVerifiedAt,
    ...(revision !== undefined && { revision }),
    ...(closureSize !== undefined && { closureSize }),
    pinned,
    lost: lostAt !== undefined,
    ...(changes !== undefined && { changes }),
  };
}

/** A diff that a newer version wrote is no reason to show nothing of the host. */
function summarizeChanges(history: HistoryReader, host: string, number: number): string | undefined {
  const stored = history.closureDiff(host, number);
  if (stored === undefined) return undefined;
  try {
    return summarizeClosureDiff(parseClosureDiff(stored.diff));
  } catch (error) {
    if (!(error instanceof ClosureDiffError)) throw error;
    return undefined;
  }
}

function summarizeResult(history: HistoryReader, result: HostAttempt): ResultSummary {
  const { run, startedAt, state } = result;
  if (state !== "failed") return { run, startedAt, state, lastSuccessAt: startedAt };
  const { failedStep, failureClass, host, reason } = result;
  const lastSuccessAt = history.lastSuccess(host)?.startedAt;
  return {
    run,
    startedAt,
    state,
    failedStep,
    ...(failureClass !== undefined && { failureClass }),
    reason,
    ...(lastSuccessAt && { lastSuccessAt }),
  };
}
