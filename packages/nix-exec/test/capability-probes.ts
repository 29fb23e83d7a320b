import { appendFile, readlink } from "node:fs/promises";

import type { NixCapability } from "../src/capability-table.ts";
import type { Probe, ProbeOutput } from "./probe.ts";

/** How to find out of a real Nix whether it has something. */
export const CAPABILITY_PROBES: Readonly<Record<NixCapability, (probe: Probe) => Promise<boolean>>> = {
  updateTakesFlakeUrl: async (probe) => probe.succeeds("flake", "update", `path:${await probe.flake("url")}`),
  updateTakesInputs: async (probe) =>
    probe.succeeds("flake", "update", "a", "--flake", `path:${await probe.flake("one")}`),
  updateTakesSeveralInputs: async (probe) =>
    probe.succeeds("flake", "update", "a", "b", "--flake", `path:${await probe.flake("two")}`),
  lockUpdateInput: async (probe) => (await lockUpdateInput(probe, "proper")) === "proper",
  lockUpdateInputDeprecated: async (probe) => (await lockUpdateInput(probe, "old")) === "deprecated",
  separateLockFile: async (probe) => {
    const flake = await probe.flake("lock");
    const lock = ["--reference-lock-file", `${flake}/flake.lock`, "--output-lock-file", `${flake}/new.lock`];
    return probe.succeeds("flake", "lock", `path:${flake}`, ...lock);
  },
  pathRefPercentDecoding: async (probe) => {
    await probe.directory("a b", { "flake.nix": "{ outputs = _: { x = 1; }; }" });
    return probe.succeeds("eval", `path:${probe.fixture.inStore("a%20b")}#x`);
  },
  selfSubmodules: async (probe) => {
    const text = "{ inputs.self.submodules = true; outputs = _: { x = 1; }; }";
    return probe.succeeds("eval", `git+file://${await probe.directory("self", { "flake.nix": text })}#x`);
  },
  flakePrefetchInputs: async (probe) => probe.succeeds("flake", "prefetch-inputs", probe.fixture.flakeRef),
  metadataFingerprint: async (probe) => "fingerprint" in (await metadata(probe, probe.fixture.flakeRef)),
  metadataDirtyFingerprint: async (probe) => "fingerprint" in (await dirtyMetadata(probe, "dirty-print")),
  metadataDirtyRevision: async (probe) => "dirtyRevision" in (await dirtyMetadata(probe, "dirty-rev")),
  derivationOutputInstallable: async (probe) => probe.succeeds("build", "--no-link", `${probe.drvPath}^out`),
  derivationPathInstallable: async (probe) => !("outputs" in Object(await buildJson(probe, probe.drvPath))),
  buildPrintOutPaths: async (probe) =>
    probe.succeeds("build", "--no-link", "--print-out-paths", probe.outPath),
  buildJsonTimes: async (probe) => {
    const toplevel = 'nixosConfigurations."we.b".config.system.build.toplevel';
    return "startTime" in Object(await buildJson(probe, `${probe.fixture.flakeRef}#${toplevel}`));
  },
  buildJsonPathString: async (probe) => typeof (await buildJson(probe, probe.outPath)) === "string",
  pathInfoJsonMap: async (probe) =>
    !Array.isArray(readJson(await probe.nix("path-info", "--json", probe.outPath))),
  pathInfoJsonFormat: async (probe) =>
    probe.succeeds("path-info", "--json", "--json-format", "1", probe.outPath),
  pathInfoJsonFormat3: async (probe) =>
    probe.succeeds("path-info", "--json", "--json-format", "3", probe.outPath),
  configShow: async (probe) => probe.succeeds("config", "show"),
  storeInfo: async (probe) => probe.succeeds("store", "info"),
  storePingJson: async (probe) => probe.succeeds("store", "ping", "--json"),
  connectTimeoutDefault: async ({ fixture }) => (await fixture.nix.showSettings())["connect-timeout"] !== 0,
  jsonLogPath: async ({ fixture }) => "json-log-path" in (await fixture.nix.showSettings()),
  copyOutLink: async (probe) => {
    const link = probe.fixture.inStore("out-link");
    const cache = `file://${probe.fixture.inStore("cache")}`;
    await probe.nix("copy", "--to", cache, probe.outPath);
    const words = ["--from", cache, "--no-check-sigs", "--out-link", link];
    return (
      (await probe.succeeds("copy", ...words, probe.outPath)) && (await readlink(link)) === probe.outPath
    );
  },
  deleteSkipAlive: async (probe) => probe.knows("store", "delete", "--skip-alive", probe.outPath),
  deleteClosureSkipLive: async (probe) => probe.knows("store", "delete", "--delete-closure", probe.outPath),
  deleteUnlink: async (probe) => probe.knows("store", "delete", "--unlink", probe.outPath),
  freedInFittingUnit: async (probe) =>
    !/MiB freed/.test((await probe.nix("store", "gc", "--max", "1")).stdout),
  rootsInQuotes: async (probe) => /^"/m.test((await probe.nixStore("--gc", "--print-roots")).stdout),
  diffClosuresJson: async (probe) =>
    probe.knows("store", "diff-closures", "--json", probe.outPath, probe.outPath),
  evalDrvLink: async (probe) => probe.knows("eval", "--drv-link", "x", "--expr", "1"),
  ps: async (probe) => probe.knows("ps"),
  logParent: async (probe) => /"parent":/.test(await fetchLog(probe, "log-parent")),
  logFetchTree: async (probe) => /"type":112\b/.test(await fetchLog(probe, "log-tree")),
  logFetchToStore: async (probe) => /"type":113\b/.test(await fetchLog(probe, "log-store")),
  logBuildResult: async (probe) => /"payload":/.test(await failedBuildLog(probe)),
  logSessionId: async (probe) => /"sid":/.test(await failedBuildLog(probe)),
  logFailureReason: async (probe) => /Cannot build/.test(await failedBuildLog(probe)),
};

async function lockUpdateInput(probe: Probe, name: string): Promise<"proper" | "deprecated" | "absent"> {
  const { exitCode, stderr } = await probe.nix(
    "flake",
    "lock",
    "--update-input",
    "a",
    `path:${await probe.flake(name)}`,
  );
  if (exitCode !== 0) return "absent";
  return stderr.includes("deprecated") ? "deprecated" : "proper";
}

async function metadata(probe: Probe, flakeRef: string): Promise<object> {
  return Object(readJson(await probe.nix("flake", "metadata", "--json", flakeRef)));
}

async function dirtyMetadata(probe: Probe, name: string): Promise<object> {
  const directory = await probe.directory(name, { "flake.nix": "{ outputs = _: { }; }" });
  await appendFile(`${directory}/flake.nix`, "# changed");
  return metadata(probe, `git+file://${directory}`);
}

/** The first element of what `nix build --json` prints. */
async function buildJson(probe: Probe, installable: string): Promise<unknown> {
  const list = readJson(await probe.nix("build", "--no-link", "--json", installable));
  return Array.isArray(list) ? list[0] : undefined;
}

/** The log of fetching a repository that is in no cache. */
async function fetchLog(probe: Probe, name: string): Promise<string> {
  const directory = await probe.directory(name, { "flake.nix": "{ outputs = _: { x = 1; }; }" });
  return probe.fetchLog("eval", `git+file://${directory}#x`);
}

async function failedBuildLog(probe: Probe): Promise<string> {
  const drvPath = await probe.fixture.drvPathOf("broken");
  return (await probe.nixStore("--realise", drvPath, "--log-format", "internal-json", "-v")).stderr;
}

function readJson({ exitCode, stdout, stderr }: ProbeOutput): unknown {
  if (exitCode !== 0) throw new Error(`expected JSON, got status ${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
}
