import { describe, expect, it } from "vitest";

import { NIX_2_34 } from "../test/versions.ts";
import type { NixCommand } from "./command.ts";
import { deletePaths } from "./delete-paths.ts";

/** Answers commands of Nix by what they print, and notes what is to be deleted. */
function createStore(answers: Readonly<Record<string, string>>): {
  readonly run: <Result>(command: NixCommand<Result>) => Promise<Result>;
  readonly deletions: (readonly string[])[];
} {
  const deletions: (readonly string[])[] = [];
  return {
    deletions,
    async run(command) {
      const { argv, name, parse } = command;
      if (name === "nix-store --delete") deletions.push(argv.slice(1));
      const words = argv.filter((word) => !word.startsWith("-")).join(" ");
      const stdout = answers[`${name} ${words}`] ?? answers[name] ?? "";
      return parse({ exitCode: 0, stdout, stderr: "" });
    },
  };
}

describe("deletePaths without a command of Nix for it", () => {
  it("asks Nix to delete only what nothing outside needs, referrers first, in one command", async () => {
    const { run, deletions } = createStore({
      "nix-store --query --requisites /s/top": "/s/libc\n/s/lib\n/s/alive\n/s/mine\n/s/top\n",
      "nix-store --gc --print-dead": "/s/top\n/s/mine\n/s/lib\n/s/libc\n/s/other\n",
      "nix-store --query --referrers": "/s/top\n/s/lib\n/s/other\n",
      "nix-store --query --requisites /s/other": "/s/libc\n/s/lib\n/s/other\n",
      "nix-store --delete": "2 store paths deleted, 1.00 MiB freed\n",
    });

    const result = await deletePaths(run, { paths: ["/s/top"] }, NIX_2_34);

    expect(deletions).toEqual([["/s/top", "/s/mine"]]);
    expect(result).toMatchObject({ deletedPaths: 2, freedBytes: 2 ** 20 });
  });

  it("gives a command line no more paths than it can hold", async () => {
    const all = Array.from({ length: 2500 }, (_, index) => `/s/${index}\n`).join("");
    const { run, deletions } = createStore({
      "nix-store --query --requisites /s/0": all,
      "nix-store --gc --print-dead": all,
      "nix-store --delete": "1 store paths deleted, 0.50 MiB freed\n",
    });

    const result = await deletePaths(run, { paths: ["/s/0"] }, NIX_2_34);

    expect(deletions.map((paths) => paths.length)).toEqual([1000, 1000, 500]);
    expect(deletions[0]?.[0]).toBe("/s/2499");
    expect(result).toMatchObject({ deletedPaths: 3, freedBytes: 1.5 * 2 ** 20 });
  });
});
