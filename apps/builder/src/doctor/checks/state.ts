import { readdir } from "node:fs/promises";

import { nameOfUser } from "../account.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { isReadable, isWritable, lookAt } from "../file-state.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asAdministrator, doctorAsRoot } from "../remedies.ts";

const report = reportAs("state");

const ENTERED_BY_OTHERS = 0o001;

/** Says whether the service can write where it keeps its state, and whether all that is there is still its own. */
export async function checkState(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, isService, serviceName } = context;
  const { cacheDir, rootsDir, stateDir } = config.builder;
  const state = await lookAt(stateDir);
  if (state.type === "missing") {
    const remedy = asAdministrator(context, "install", "-d", "-o", "USER", stateDir);
    return [
      report.warning(`${stateDir} is missing: a run makes it, and works as whoever runs it`, { remedy }),
    ];
  }
  if (state.type === "hidden" || !isService) {
    return [report.skipped(`${stateDir} belongs to ${serviceName}`, { remedy: doctorAsRoot(context) })];
  }
  const findings = [
    ...((state.mode & ENTERED_BY_OTHERS) === 0 ? [reportClosed(context, stateDir)] : []),
    ...(await findForeignFiles(context, stateDir)),
    ...(await findUnwritable(context, { directory: stateDir, key: "builder.stateDir" })),
    ...(await findUnwritable(context, { directory: cacheDir, key: "builder.cacheDir" })),
    ...(await findUnwritableRoots(context, rootsDir)),
  ];
  return findings.length > 0
    ? findings
    : [report.ok(`${serviceName} owns ${stateDir}, and can write what it has to`)];
}

/** The server, and whoever asks for the status, read the history as users of their own. */
function reportClosed(context: DoctorContext, stateDir: string): Finding {
  const remedy = asAdministrator(context, "chmod", "a+x", stateDir);
  return report.warning(`nobody else can enter ${stateDir}, where the history for all readers is`, {
    remedy,
  });
}

/** A run by hand as root, of an older version or of something else, leaves files that the service cannot replace. */
async function findForeignFiles(context: DoctorContext, stateDir: string): Promise<readonly Finding[]> {
  const { account, serviceName } = context;
  if (!(await isReadable(stateDir))) return [];
  const names = await readdir(stateDir);
  const states = await Promise.all(names.map((name) => lookAt(`${stateDir}/${name}`)));
  const foreign = names.filter((_name, index) => {
    const state = states[index];
    return state?.type === "present" && state.uid !== account.uid;
  });
  const [first] = foreign;
  if (first === undefined) return [];
  const state = states[names.indexOf(first)];
  const owner = state?.type === "present" ? await nameOfUser(state.uid) : "someone else";
  const what =
    foreign.length === 1 ? `${stateDir}/${first} belongs` : `${foreign.length} files in ${stateDir} belong`;
  return [
    report.problem(`${what} to ${owner}, and not to ${serviceName}`, {
      detail: foreign.join(", "),
      remedy: asAdministrator(context, "chown", "-R", serviceName, stateDir),
    }),
  ];
}

interface KeyedDirectory {
  readonly directory: string;
  readonly key: string;
}

async function findUnwritable(
  context: DoctorContext,
  { directory, key }: KeyedDirectory,
): Promise<readonly Finding[]> {
  const { serviceName } = context;
  const state = await lookAt(directory);
  if (state.type === "present" && !state.isDirectory) {
    return [
      report.problem(`${directory} is no directory`, { remedy: `${key} = "…"   # in ${context.configFile}` }),
    ];
  }
  const place = state.type === "present" ? directory : await nearestAncestor(directory);
  if (await isWritable(place)) return [];
  const remedy = asAdministrator(context, "install", "-d", "-o", serviceName, directory);
  const what = place === directory ? `write to ${directory}` : `make ${directory}`;
  return [report.problem(`${serviceName} cannot ${what} (${key})`, { remedy })];
}

/** The run goes on without it: the roots then are indirect ones, in stateDir. */
async function findUnwritableRoots(context: DoctorContext, rootsDir: string): Promise<readonly Finding[]> {
  const [finding] = await findUnwritable(context, { directory: rootsDir, key: "builder.rootsDir" });
  if (finding === undefined) return [];
  const { remedy = "" } = finding;
  const { fallbackRootsDir } = context.config.builder;
  const detail = `new GC roots go to ${fallbackRootsDir}, registered with Nix one by one`;
  return [report.warning(finding.summary, { detail, remedy })];
}

async function nearestAncestor(path: string): Promise<string> {
  const parent = path.replace(/\/[^/]*$/, "") || "/";
  return (await lookAt(parent)).type === "present" ? parent : nearestAncestor(parent);
}
