import { describe, expect, it } from "vitest";

import { createProgram } from "../cli.ts";
import { completeWords, formatCompletion } from "./complete-words.ts";

const SOURCES = {
  hosts: () => ["nz", "we.b", "beez"],
  generations: (host: string) =>
    host === "nz" ? [{ word: "12", meaning: "made 7 h ago" }, { word: "11" }] : [],
  runs: () => [{ word: "20261122T020000Z", meaning: "SUCCESS" }],
};

async function complete(...words: readonly string[]): Promise<readonly string[] | string> {
  const program = createProgram({ signal: new AbortController().signal });
  const completion = await completeWords(program, words, async () => SOURCES);
  return completion.type === "words" ? completion.candidates.map(({ word }) => word) : completion.type;
}

describe("completeWords", () => {
  it("completes commands, hidden ones apart", async () => {
    expect(await complete("s")).toEqual(["sync", "status", "sign"]);
    expect(await complete("complete")).toEqual([]);
  });

  it("completes the options of the command", async () => {
    expect(await complete("run", "--no-")).toEqual(["--no-sync", "--no-update"]);
    expect(await complete("status", "--no-")).toEqual([]);
    expect(await complete("--ver")).toEqual(["--version"]);
  });

  it("completes hosts, also after a comma and after an equals sign", async () => {
    expect(await complete("run", "--host", "")).toEqual(["nz", "we.b", "beez"]);
    expect(await complete("run", "--host", "nz,")).toEqual(["nz,we.b", "nz,beez"]);
    expect(await complete("run", "--host=b")).toEqual(["--host=beez"]);
    expect(await complete("history", "w")).toEqual(["we.b"]);
  });

  it("knows what bash does with an equals sign", async () => {
    expect(await complete("run", "--host", "=", "b")).toEqual(["beez"]);
    expect(await complete("run", "--host", "=")).toEqual(["nz", "we.b", "beez"]);
  });

  it("completes generations of the host that was typed", async () => {
    expect(await complete("pin", "nz", "")).toEqual(["12", "11"]);
    expect(await complete("diff", "--all", "nz", "11", "1")).toEqual(["12", "11"]);
    expect(await complete("diff", "we.b", "")).toEqual([]);
  });

  it("offers nothing after the last argument", async () => {
    expect(await complete("history", "nz", "")).toEqual([]);
  });

  it("completes runs, shells and commands to be helped with", async () => {
    expect(await complete("log", "--run", "2026")).toEqual(["20261122T020000Z"]);
    expect(await complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await complete("help", "sta")).toEqual(["status"]);
  });

  it("leaves names of files to the shell", async () => {
    expect(await complete("status", "--config", "/et")).toBe("files");
    expect(await complete("keygen", "a", "--out", "")).toBe("directories");
  });

  it("reads the machine that the line is about", async () => {
    const program = createProgram({ signal: new AbortController().signal });
    const asked: (string | undefined)[] = [];
    const open = async (file: string | undefined): Promise<typeof SOURCES> => {
      asked.push(file);
      return SOURCES;
    };

    await completeWords(program, ["history", "--config", "/a.toml", ""], open);
    await completeWords(program, ["history", ""], open);
    await completeWords(program, ["sta"], open);

    expect(asked).toEqual(["/a.toml", undefined]);
  });
});

describe("formatCompletion", () => {
  it("writes the kind of words, and each with its meaning", () => {
    expect(
      formatCompletion({ type: "words", candidates: [{ word: "a", meaning: "first" }, { word: "b" }] }),
    ).toBe("words\na\tfirst\nb\t\n");
    expect(formatCompletion({ type: "files" })).toBe("files\n");
  });
});
