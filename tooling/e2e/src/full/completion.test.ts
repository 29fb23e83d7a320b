import { mkdir, writeFile } from "node:fs/promises";

import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";

import { ROOT } from "../support/places.ts";
import { fetchShells, type Shells } from "../support/shells.ts";
import { siteForTest } from "../support/site-for-test.ts";
import type { Site } from "../support/site.ts";

const BIN = `${ROOT}/tooling/bin`;

let shells: Shells;

beforeAll(async () => {
  shells = await fetchShells();
});

/** What stands on the line, up to the cursor, and what has to stand there after Tab. */
function linesOf({ configFile, directory }: Site): readonly (readonly [typed: string, completed: string])[] {
  const program = "nix-cache-builder";
  return [
    [`${program} stat`, `${program} status`],
    [`${program} completion f`, `${program} completion fish`],
    [`${program} history --config ${configFile} w`, `${program} history --config ${configFile} we.b`],
    [`${program} run --config ${configFile} --host=n`, `${program} run --config ${configFile} --host=nz`],
    [`${program} status --config ${directory}/conf`, `${program} status --config ${configFile}`],
  ];
}

async function writeScript(site: Site, shell: "fish" | "zsh"): Promise<string> {
  const file = `${site.directory}/completion.${shell}`;
  const { stdout } = await execa(`${BIN}/nix-cache-builder`, ["completion", shell]);
  await writeFile(file, `${stdout}\n`);
  return file;
}

describe("completions of fish", () => {
  it("are valid, and complete what is typed", async () => {
    const site = await siteForTest();
    const script = await writeScript(site, "fish");
    const complete = async (typed: string): Promise<string> => {
      const commands = [
        `set --prepend fish_function_path ${shells.root}/usr/share/fish/functions`,
        `set --prepend PATH ${BIN}`,
        `source ${script}`,
        `complete --do-complete ${JSON.stringify(typed)}`,
      ];
      const argv = ["--no-config", "--command", commands.join("; ")];
      const env = { ...shells.env, HOME: `${site.directory}/home` };
      const { stdout } = await execa(shells.fish, argv, { env });
      return stdout.split("\t")[0] ?? "";
    };

    await execa(shells.fish, ["--no-execute", script], { env: shells.env });
    for (const [typed, completed] of linesOf(site)) {
      expect(await complete(typed)).toBe(completed.split(" ").at(-1));
    }
  });
});

/** A terminal with zsh in it: each line is typed, Tab pressed, and the line then printed in place of being run. */
const TYPE_IN_ZSH = String.raw`
module_path=($ZSH_MODULES/*(/))
zmodload zsh/zpty
zpty shell env PS1= TERM=dumb $ZSH_PROGRAM -f -i
zpty -w shell "module_path=($module_path); fpath=($ZSH_FUNCTIONS/**/*(/N)); source $ZSH_START; echo RE''ADY"
while zpty -r shell line; do [[ $line == *READY* ]] && break; done
for typed in "$@"; do
  zpty -w -n shell $'\C-u'"$typed"$'\t\C-a'"echo 'GOT "$'\C-e'"'"$'\n'
  while zpty -r shell line; do [[ $line == GOT* ]] && break; done
  print -r -- "${"$"}{line#GOT }"
done
zpty -d shell
`;

describe("completions of zsh", () => {
  it("are valid, and complete what is typed", async () => {
    const site = await siteForTest();
    const script = await writeScript(site, "zsh");
    const start = `${site.directory}/start.zsh`;
    const setUp = [`autoload -Uz compinit`, `compinit -u -D`, `PATH=${BIN}:$PATH`, `source ${script}`];
    await writeFile(start, `${setUp.join("\n")}\n`);
    await mkdir(`${site.directory}/zsh`);
    const env = {
      ...shells.env,
      HOME: `${site.directory}/zsh`,
      ZSH_FUNCTIONS: `${shells.root}/usr/share/zsh/functions`,
      ZSH_PROGRAM: shells.zsh,
      ZSH_START: start,
    };
    const lines = linesOf(site);

    await execa(shells.zsh, ["-n", script], { env });
    const { stdout } = await execa(
      shells.zsh,
      ["-f", "-c", TYPE_IN_ZSH, "zsh", ...lines.map(([typed]) => typed)],
      { env },
    );

    expect(stdout.trim().split(/\s*\n\s*/)).toEqual(lines.map(([, completed]) => completed));
  });
});
