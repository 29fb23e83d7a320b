import type { Command } from "commander";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { createBuilder, createServer } from "./manual/manual-pages.ts";
import { listBlocks, listInlineCode, type Snippet } from "./markdown/list-snippets.ts";
import { readPages } from "./markdown/read-pages.ts";
import { checkCall, type CheckCallOptions } from "./shell/check-call.ts";
import { findCalls } from "./shell/find-programs.ts";
import { splitCommands } from "./shell/split-commands.ts";

const PROGRAMS: ReadonlyMap<string, () => Command> = new Map([
  ["nix-cache-builder", createBuilder],
  ["nix-cache-server", createServer],
]);

const pages = await readPages();
const blocks = pages.flatMap((page) => listBlocks(page, "sh"));
const mentions = pages
  .flatMap(listInlineCode)
  .filter(({ code }) => /^(?:sudo )?nix-cache-(?:builder|server) /.test(code));

describe("the commands", () => {
  it.each(blocks)("at $place are the shell's language", async ({ code }) => {
    const { stderr } = await execa("sh", ["-n"], { input: code, reject: false });

    expect(stderr).toBe("");
  });

  it.each(blocks)("at $place are the programs' own", (block) => {
    expect(findFaults(block)).toEqual([]);
  });

  it.each(mentions)("named at $place are the programs' own: $code", (mention) => {
    expect(findFaults(withoutBrackets(mention), { isMention: true })).toEqual([]);
  });

  it("are found and read at all", () => {
    const wrong = {
      place: "",
      language: "sh",
      code: "sudo nix-cache-builder prune --whatif x\nnix-cache-server --help",
    };

    expect(findFaults(wrong)).toEqual(["error: unknown option '--whatif'\n(Did you mean --what-if?)"]);
    expect(blocks.map(({ code }) => code).join("\n")).toContain("nix-cache-builder doctor");
  });
});

function findFaults({ code }: Snippet, options: CheckCallOptions = {}): readonly string[] {
  const calls = findCalls(splitCommands(code), new Set(PROGRAMS.keys()));
  return calls.flatMap(({ args, program }) => {
    const create = PROGRAMS.get(program);
    const fault = create && checkCall(create(), args, options);
    return fault === undefined ? [] : [fault];
  });
}

/** What may be left out stands in brackets. */
function withoutBrackets(mention: Snippet): Snippet {
  return { ...mention, code: mention.code.replaceAll(/[[\]]/g, "") };
}
