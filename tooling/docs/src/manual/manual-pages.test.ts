import { fetchDebianPackages, findDebianRelease } from "@nix-cache/tooling-parts";
import type { Command } from "commander";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";

import { ROOT } from "../places.ts";
import { createBuilder, createServer, makeManualPages } from "./manual-pages.ts";

let mandoc: string;

beforeAll(async () => {
  mandoc = await findMandoc();
});

describe.each(makeManualPages())("the manual $file", ({ file, text }) => {
  it("is written without a fault", async () => {
    const { stdout } = await execa(mandoc, ["-T", "lint", "-W", "warning", `${ROOT}/${file}`], {
      reject: false,
    });

    expect(stdout).toBe("");
  });

  it("is ASCII", () => {
    expect(text).not.toMatch(/[^\n\x20-\x7E]/);
  });
});

describe("the manual of nix-cache-builder", () => {
  it("shows every option of every command", async () => {
    const shown = await render("apps/builder/man/nix-cache-builder.8");

    const options = createBuilder().commands.flatMap(visibleFlags);
    expect(options.filter((flag) => !shown.includes(flag))).toEqual([]);
  });

  it("leaves out what is hidden from the help", async () => {
    const shown = await render("apps/builder/man/nix-cache-builder.8");

    expect(shown).not.toContain("sync-worker");
  });
});

describe("the manual of nix-cache-server", () => {
  it("shows every option", async () => {
    const shown = await render("apps/cache-server/man/nix-cache-server.8");

    expect(visibleFlags(createServer()).filter((flag) => !shown.includes(flag))).toEqual([]);
  });
});

function visibleFlags(command: Command): readonly string[] {
  return command.options.map(({ flags }) => flags);
}

async function render(file: string): Promise<string> {
  const { stdout } = await execa(mandoc, ["-T", "ascii", "-O", "width=78", `${ROOT}/${file}`]);
  // Bold is a letter struck twice.
  return stdout.replaceAll(/.[\b]/g, "");
}

/** The machine's own release of Debian has it; elsewhere the one on PATH does. */
async function findMandoc(): Promise<string> {
  const suite = await findDebianRelease();
  if (suite === undefined) return "mandoc";
  const root = await fetchDebianPackages({
    name: `debian-${suite}-mandoc`,
    suite,
    packages: ["mandoc"],
    // It needs libc and zlib, which every machine with this checkout has.
    withDependencies: false,
  });
  return `${root}/usr/bin/mandoc`;
}
