import { delimiter } from "node:path";
import process from "node:process";

import type { DoctorContext } from "../doctor-context.ts";
import { isExecutable } from "../file-state.ts";
import { type Finding, reportAs } from "../finding.ts";
import { isSshAddress } from "../repository-address.ts";

/** A program that a run starts. */
interface Program {
  readonly name: string;
  /** Who provides it. */
  readonly source: string;
  readonly isNeeded: (context: DoctorContext) => boolean;
}

const PROGRAMS: readonly Program[] = [
  { name: "flock", source: "util-linux", isNeeded: () => true },
  {
    name: "prlimit",
    source: "util-linux",
    isNeeded: ({ config }) => config.builder.evalMemory > 0,
  },
  { name: "git", source: "git", isNeeded: () => true },
  {
    name: "ssh",
    source: "OpenSSH's client",
    isNeeded: ({ config }) => isSshAddress(config.builder.flakeRepo),
  },
];

/** Says whether the programs that a run starts are there, Nix apart. */
export async function checkPrograms(context: DoctorContext): Promise<readonly Finding[]> {
  const report = reportAs("programs");
  const needed = PROGRAMS.filter(({ isNeeded }) => isNeeded(context));
  const found = await Promise.all(needed.map(({ name }) => isOnPath(name)));
  const missing = needed.filter((_program, index) => found[index] !== true);
  if (missing.length === 0) return [report.ok(`${needed.map(({ name }) => name).join(", ")} are on PATH`)];
  return missing.map(({ name, source }) =>
    report.problem(`${name} is not on PATH`, {
      detail: `PATH is ${process.env["PATH"] ?? "empty"}`,
      remedy: `install ${source}, or add the directory of ${name} to the PATH of the service`,
    }),
  );
}

async function isOnPath(name: string): Promise<boolean> {
  const directories = (process.env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  const answers = await Promise.all(directories.map((directory) => isExecutable(`${directory}/${name}`)));
  return answers.includes(true);
}
