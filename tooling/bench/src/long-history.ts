import { type History, type LockInput, openHistory } from "@nix-cache/history";

/** The hosts of the history that the benchmark records; the last always fails. */
export const HOSTS = ["kz", "mz", "nz", "zz"] as const;

const FIRST_NIGHT_MS = Date.UTC(2000, 0, 1, 2);
const NIGHT_MS = 24 * 60 * 60 * 1_000;
const KEEP_GENERATIONS = 3;

/** What an update of nixpkgs changes in the closure of a host. */
const CLOSURE_DIFF = {
  packages: Array.from({ length: 100 }, (_, n) => ({
    name: `package-${n}`,
    before: [`${n}.1.2`],
    after: [`${n}.1.3`],
    bytes: (n - 50) * 4_711,
  })),
};

const INPUTS = ["nixpkgs", "home-manager", "home-manager/nixpkgs", "disko", "sops-nix", "nixos-hardware"];

/** Records the nights from one number to the one before another, as the builder does. */
export function recordNights(file: string, from: number, to: number): void {
  using history = openHistory(file, { now: new Date(FIRST_NIGHT_MS) });
  for (let night = from; night < to; night++) recordNight(history, night);
}

function recordNight(history: History, night: number): void {
  const at = new Date(FIRST_NIGHT_MS + night * NIGHT_MS);
  const run = history.startRun({
    startedAt: at,
    branch: "main",
    flakeUrl: "ssh://git@example.org/flake.git",
  });
  const lockDigest = `sha256-${toHex(night, 64)}`;
  history.recordSync(run, { syncState: "synced", revision: toHex(night, 40) });
  history.recordLock({ digest: lockDigest, inputs: INPUTS.map((name) => createInput(name, at)) });
  history.recordUpdate(run, { updateState: "updated", lockDigest });
  history.recordConfiguredHosts(run, HOSTS);
  recordSteps(history, run, at);
  for (const host of HOSTS) recordHost(history, { run, host, at, night });
  const space = { plannedBytes: 3e9, freeBytesBefore: 1e12, freeBytesAfter: 1e12 };
  history.recordCollection({ run, startedAt: at, finishedAt: at, mode: "targeted", ...space });
  const limits = { overCap: false, underMinFree: false };
  history.recordUsage({ run, at, rootedBytes: 5e10, rootedPaths: 20_000, freeBytes: 1e12, ...limits });
  history.finishRun(run, { status: "PARTIAL", finishedAt: at, reason: "1 of 4 hosts failed" });
}

function createInput(name: string, lastModified: Date): LockInput {
  const rev = toHex(lastModified.getTime(), 40);
  const narHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  return { name, type: "github", url: `https://github.com/example/${name}`, rev, lastModified, narHash };
}

function recordSteps(history: History, run: string, startedAt: Date): void {
  const step = { run, startedAt, durationMs: 60_000, outcome: "succeeded" } as const;
  for (const name of ["sync", "update", "retain"]) history.recordStep({ ...step, name });
  for (const host of HOSTS) {
    for (const name of ["evaluate", "build", "sign", "publish"]) history.recordStep({ ...step, host, name });
  }
}

interface HostNight {
  readonly run: string;
  readonly host: string;
  readonly at: Date;
  readonly night: number;
}

function recordHost(history: History, { run, host, at, night }: HostNight): void {
  const toplevel = `/nix/store/${toHex(night, 32)}-nixos-system-${host}-26.11`;
  const result = { run, host, drvPath: `${toplevel}.drv`, durationMs: 3_600_000 };
  if (host === HOSTS.at(-1)) {
    const reason = `builder for '${toplevel}.drv' failed with exit code 1`;
    history.recordHostResult({ ...result, state: "failed", failedStep: "build", reason });
    return;
  }
  const number = history.takeGenerationNumber(host);
  history.recordPublication({ run, host, number, toplevel, at, narSize: 5_000, closureSize: 12e9 });
  history.recordLink({ host, number }, at);
  history.recordHostResult({ ...result, state: "published", toplevel, generation: number });
  if (number > 1) history.recordClosureDiff({ host, number, previous: number - 1, diff: CLOSURE_DIFF });
  const old = { host, number: number - KEEP_GENERATIONS };
  if (old.number < 1) return;
  history.condemnGeneration(old, {
    at,
    reason: `older than the newest ${KEEP_GENERATIONS}`,
    plannedBytes: 1e9,
  });
  history.recordDeletion(old, at);
}

function toHex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
