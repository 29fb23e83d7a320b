import { writeFile } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { ROOT } from "./support/places.ts";
import { siteForTest } from "./support/site-for-test.ts";

const PROGRAM = `${ROOT}/tooling/bin/nix-cache-builder`;

/** Does what bash does when Tab is pressed: the function that `complete -p` names is called on the words. */
const PRESS_TAB = `
eval "$("$1" completion bash)"
[[ $(complete -p nix-cache-builder) == *" -F _nix_cache_builder "* ]] || exit 1
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_nix_cache_builder "$1" "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "\${COMPREPLY[@]}"
`;

async function pressTab(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await execa("bash", ["-c", PRESS_TAB, "bash", PROGRAM, ...words]);
  return stdout.split("\n");
}

describe("completions of bash", () => {
  it("complete commands and options", async () => {
    expect(await pressTab("stat")).toEqual(["status"]);
    expect(await pressTab("run", "--no-")).toEqual(["--no-sync", "--no-update"]);
  });

  it("complete hosts before the first run, and generations after it", async () => {
    const site = await siteForTest();
    const config = ["--config", site.configFile];

    expect(await pressTab("history", ...config, "")).toEqual(["nz", "we.b"]);
    await site.run();
    expect(await pressTab("run", ...config, "--host", "nz,")).toEqual(["nz,we.b"]);
    expect(await pressTab("diff", ...config, "we.b", "")).toEqual(["1"]);
  });

  it("complete names of files, with spaces in them too", async () => {
    const site = await siteForTest();
    await writeFile(`${site.directory}/other machine.toml`, "");

    expect(await pressTab("status", "--config", `${site.directory}/ot`)).toEqual([
      `${site.directory}/other machine.toml`,
    ]);
  });

  it("offer nothing where there is nothing to know", async () => {
    expect(await pressTab("history", "--config", "/nowhere.toml", "")).toEqual([""]);
  });
});
