import { describe, expect, it } from "vitest";

import { NIX_2_34, NIX_2_35 } from "../test/versions.ts";
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
      const words = argv.filter((word) => !word.startsWith("-"));
      if (name.endsWith("delete")) deletions.push(words);
      const stdout = answers[`${name} ${words.join(" ")}`] ?? answers[name] ?? "";
      return parse({ exitCode: stdout.includes("error:") ? 1 : 0, stdout, stderr: stdout });
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

  it("leaves out what the closures have beyond the paths where it is not to follow references", async () => {
    const { run, deletions } = createStore({
      "nix-store --query --requisites": "/s/lib\n/s/mine\n/s/top\n",
      "nix-store --gc --print-dead": "/s/top\n/s/mine\n/s/lib\n",
      "nix-store --delete": "2 store paths deleted, 1.00 MiB freed\n",
    });

    await deletePaths(run, { paths: ["/s/mine", "/s/top"], recursive: false }, NIX_2_34);

    expect(deletions).toEqual([["/s/top", "/s/mine"]]);
  });

  it("goes on with the rest after a path that is busy", async () => {
    const { run, deletions } = createStore({
      "nix-store --query --requisites": "/s/lib\n/s/busy\n/s/top\n",
      "nix-store --gc --print-dead": "/s/top\n/s/busy\n/s/lib\n",
      "nix-store --delete /s/top /s/busy /s/lib":
        "error: cannot unlink '/s/busy/m': Device or resource busy\n2 store paths deleted, 1.00 MiB freed\n",
      "nix-store --check-validity /s/top /s/busy /s/lib": "/s/top\n/s/busy\n",
      "nix-store --delete /s/lib": "1 store paths deleted, 1.00 MiB freed\n",
    });

    const result = await deletePaths(run, { paths: ["/s/top"] }, NIX_2_34);

    expect(deletions).toEqual([["/s/top", "/s/busy", "/s/lib"], ["/s/lib"]]);
    expect(result).toMatchObject({
      deletedPaths: 3,
      freedBytes: 2 * 2 ** 20,
      stuck: [{ path: "/s/busy", reason: "cannot unlink '/s/busy/m': Device or resource busy" }],
    });
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

describe("deletePaths with a command of Nix that skips what is alive", () => {
  it("gives it the whole closure, referrers first, and asks for nothing else that is dead", async () => {
    const { run, deletions } = createStore({
      "nix-store --query --requisites": "/s/lib\n/s/top\n",
      "nix store delete": "1 store paths deleted, 1.00 MiB freed\n",
    });

    const result = await deletePaths(run, { paths: ["/s/top"] }, NIX_2_35);

    expect(deletions).toEqual([["nix-command flakes", "store", "delete", "/s/top", "/s/lib"]]);
    expect(result).toMatchObject({ deletedPaths: 1, freedBytes: 2 ** 20, stuck: [] });
  });
});
