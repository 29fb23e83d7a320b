import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { environment, makeTempDir } from "../../test/repository.ts";
import { GitSyncError } from "../errors.ts";
import { parseGitConfig } from "./parse-git-config.ts";

/** How the real git reads a file: name, newline, value; without the newline where there is no value. */
function readByGit(file: string, text: string): string[] | undefined {
  writeFileSync(file, Buffer.from(text, "latin1"));
  try {
    const output = execFileSync("git", ["config", "--file", file, "--no-includes", "--list", "--null"], {
      env: environment,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.toString("latin1").split("\0").slice(0, -1);
  } catch {
    return undefined;
  }
}

function readByUs(text: string): string[] | undefined {
  try {
    return parseGitConfig(text).map(({ section, subsection, key, value }) => {
      const prefix = section === "" ? [] : [section];
      const name = [...prefix, ...(subsection === undefined ? [] : [subsection]), key].join(".");
      return value === undefined ? name : `${name}\n${value}`;
    });
  } catch (error) {
    if (error instanceof GitSyncError && error.code === "ERR_GITSYNC_TREE") {
      return undefined;
    }
    throw error;
  }
}

describe("parseGitConfig", () => {
  it.each([
    ["nothing", ""],
    ["a plain section", "[core]\n\tbare = false\n"],
    ["no newline at the end", "[core]\n\tbare = false"],
    ["upper case", '[SubModule "Na/ME"]\n\tPath = A\n'],
    ["an older subsection", "[submodule.Name.More]\npath=a\n"],
    ["quotes and backslashes in a name", '[submodule "a\\"b\\\\c\\d ] # ;"]\npath=a\n'],
    ["everything in one line", '[submodule "a"] path = b # c'],
    ["comments", '# one\n; two\n[a] # three\nb = c ; d\n  # e\nf="g;h" # i\n'],
    ["a key alone", "[a]\nb\nc\n"],
    ["an empty value", '[a]\nb=\nc = ""\n'],
    ["white space", '[a]\n  b  =  c  d  \n\te=" f "  g \n'],
    ["escapes", '[a]\nb = \\t\\n\\b\\\\\\"c\n'],
    ["a continued line", '[a]\nb = c \\\n  d\ne = "f \\\ng"\n'],
    ["a line continued at the end", "[a]\nb = c\\"],
    ["quotes in the middle", '[a]\nb = c" d "e"#"f\n'],
    ["carriage returns", '[a]\r\nb = c\r\nd = "e" \r\n'],
    ["a byte order mark", "\u00EF\u00BB\u00BF[a]\nb=c\n"],
    ["bytes beyond ASCII", '[submodule "\u00C3\u00BC\u00A0"]\npath = \u00A0\u0085x\u00FF\n'],
    ["a value that looks like a section", "[a]\nb = [c]\n[d]\n"],
    ["an include", "[include]\npath = /etc/passwd\n"],
    ["text before any section", "a = b\n"],
    ["a section that does not end", "[a"],
    ["a quote that does not end", '[a]\nb = "c\nd = e\n'],
    ["an unknown escape", "[a]\nb = \\x\n"],
    ["a key that starts with a digit", "[a]\n1b = c\n"],
    ["a key with an underscore", "[a]\nb_c = d\n"],
    ["text after a key", "[a]\nb c = d\n"],
    ["a name over two lines", '[a "b\nc"]\nd = e\n'],
    ["text after a name", '[a "b" c]\nd = e\n'],
  ])("reads %s as the real git does", (_name, text) => {
    expect(readByUs(text)).toStrictEqual(readByGit(join(makeTempDir(), "config"), text));
  });

  it("reads any sequence of git's own marks as the real git does", () => {
    const file = join(makeTempDir(), "config");
    const marks = [
      "[a]\n",
      '[s "t"]',
      "b",
      " = ",
      "\n",
      " ",
      '"',
      "\\",
      "\\\n",
      "#",
      ";",
      "\r\n",
      "n",
      "]",
      "\u00FF",
    ];
    const texts = fc.array(fc.constantFrom(...marks), { maxLength: 12 });

    fc.assert(
      fc.property(texts, (parts) => {
        const text = `[x]\nb = ${parts.join("")}`;
        expect(readByUs(text)).toStrictEqual(readByGit(file, text));
      }),
      { numRuns: 400 },
    );
  });
});
