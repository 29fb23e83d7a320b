import { writeFile } from "node:fs/promises";

import { findSystemdAnalyze } from "@nix-cache/tooling-parts";
import { execa } from "execa";

import { makeDirectory } from "./temp-dir.ts";

/** What systemd says of units. */
export interface UnitAnalysis {
  /** Lines about these units; about others, which are the distribution's, nothing is asked. */
  readonly complaints: readonly string[];
  /** How exposed each service is: 0 is least, 10 most. */
  readonly exposures: Readonly<Record<string, number>>;
}

/** Has systemd read units and judge the services among them. Their programs are not there, and stand as `true`. */
export async function analyzeUnits(units: ReadonlyMap<string, string>): Promise<UnitAnalysis> {
  await using directory = await makeDirectory();
  for (const [name, text] of units) {
    await writeFile(`${directory.path}/${name}`, text.replaceAll(/^ExecStart=.*/gm, "ExecStart=/bin/true"));
  }
  const { program, unitDir } = await findSystemdAnalyze();
  const searchPath = unitDir === undefined ? `${directory.path}:` : `${directory.path}:${unitDir}`;
  const files = [...units.keys()].map((name) => `${directory.path}/${name}`);
  const options = { env: { SYSTEMD_UNIT_PATH: searchPath }, reject: false } as const;
  const { stderr } = await execa(program, ["verify", "--man=no", ...files], options);
  const complaints = stderr
    .split("\n")
    .filter((line) => [...units.keys()].some((name) => line.includes(name)));
  const exposures: Record<string, number> = {};
  for (const name of units.keys()) {
    if (!name.endsWith(".service")) continue;
    const security = ["security", "--offline=yes", "--no-pager", `${directory.path}/${name}`];
    const { all } = await execa(program, security, { ...options, all: true });
    exposures[name] = readExposure(all);
  }
  return { complaints, exposures };
}

function readExposure(text: string): number {
  const [, level] = /Overall exposure level for \S+: ([\d.]+)/.exec(text) ?? [];
  if (level === undefined) throw new Error(`expected an exposure level, got: ${text.slice(-200)}`);
  return Number(level);
}
