import { lstatSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";

import { findSystemctl, findSystemdAnalyze } from "@nix-cache/tooling-parts";
import { execa } from "execa";

import { type CommandEnd, toEnd } from "./command.ts";
import { ROOT } from "./places.ts";
import { tempDirForTest } from "./temp-dir.ts";

/** A directory that stands for a system, such as an image that is being made. */
export interface Image {
  readonly directory: string;
  readonly configFile: string;
  readonly builder: (...args: readonly string[]) => Promise<CommandEnd>;
  /** Paths and contents of all files, and the targets of links. */
  readonly read: () => Promise<Readonly<Record<string, string>>>;
}

/** Makes an image, with or without a configuration in it; it goes when the current test ends. */
export async function makeImage(config?: string): Promise<Image> {
  const directory = await tempDirForTest("image");
  const configFile = `${directory}/etc/nix-cache-builder/config.toml`;
  if (config !== undefined) {
    await mkdir(`${directory}/etc/nix-cache-builder`, { recursive: true });
    await writeFile(configFile, config);
  }
  const systemctl = await findSystemctl();
  const PATH = [...(systemctl === undefined ? [] : [systemctl]), process.env["PATH"]].join(":");
  return {
    directory,
    configFile,
    builder: async (...args) =>
      toEnd(
        await execa(`${ROOT}/tooling/bin/nix-cache-builder`, [...args, "--root", directory], {
          env: { PATH },
          reject: false,
        }),
      ),
    read: () => readTree(directory),
  };
}

/** What systemd says of the units of an image, and how exposed each service is; their programs are not looked for. */
export async function analyzeUnits(
  unitDir: string,
): Promise<{ readonly complaints: readonly string[]; readonly exposures: Readonly<Record<string, number>> }> {
  const { program, unitDir: systemUnits } = await findSystemdAnalyze();
  const names = (await readdir(unitDir)).filter((name) =>
    /^nix-cache-.*\.(?:service|socket|timer)$/.test(name),
  );
  for (const name of names) {
    const text = await readFile(`${unitDir}/${name}`, "utf8");
    await writeFile(`${unitDir}/${name}`, text.replaceAll(/^ExecStart=.*/gm, "ExecStart=/bin/true"));
  }
  const env = { SYSTEMD_UNIT_PATH: systemUnits === undefined ? `${unitDir}:` : `${unitDir}:${systemUnits}` };
  const files = names.map((name) => `${unitDir}/${name}`);
  const { stderr } = await execa(program, ["verify", "--man=no", ...files], { env, reject: false });
  const complaints = stderr.split("\n").filter((line) => names.some((name) => line.includes(name)));
  const exposures: Record<string, number> = {};
  for (const name of names.filter((unit) => unit.endsWith(".service"))) {
    const words = ["security", "--offline=yes", "--no-pager", `${unitDir}/${name}`];
    const { stdout } = await execa(program, words, { env, reject: false });
    exposures[name] = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1] ?? Infinity);
  }
  return { complaints, exposures };
}

async function readTree(directory: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(directory, { recursive: true });
  const files = names.toSorted().filter((name) => !lstatSync(`${directory}/${name}`).isDirectory());
  const entries = files.map(async (name) => {
    const isLink = lstatSync(`${directory}/${name}`).isSymbolicLink();
    return [name, isLink ? "link" : await readFile(`${directory}/${name}`, "utf8")] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
