import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Writable } from "node:stream";
import { zstdCompressSync } from "node:zlib";

import { describe, expect, it, onTestFinished } from "vitest";

import { printHostLog } from "./print-host-log.ts";

async function fileForTest(content: Uint8Array): Promise<string> {
  const directory = await mkdtemp(`${tmpdir()}/log-`);
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(`${directory}/nz.log.zst`, content);
  return `${directory}/nz.log.zst`;
}

function collect(): { readonly output: Writable; readonly text: () => string } {
  const chunks: string[] = [];
  const output = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  return { output, text: () => chunks.join("") };
}

describe("printHostLog", () => {
  it("prints what was logged, without what a terminal obeys", async () => {
    const log = "nz> \u001b[31mred\u001b[0m\u0007\nnz> ä\u009b2J\tb\n";
    const file = await fileForTest(zstdCompressSync(log));
    const { output, text } = collect();

    const printed = await printHostLog(file, output);

    expect(printed).toEqual({ isWhole: true });
    expect(text()).toBe("nz> red\nnz> ä\tb\n");
  });

  it("lets no sequence through that a line of any length cuts in two", async () => {
    const log = "ä\u001b[2J".repeat(200_000);
    const file = await fileForTest(zstdCompressSync(log));
    const { output, text } = collect();

    await printHostLog(file, output);

    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffd]/);
    expect(text().match(/ä/g)).toHaveLength(200_000);
  });

  it.each([0, 1, 10])("prints what there is of a log that breaks off after %i bytes", async (bytes) => {
    const file = await fileForTest(zstdCompressSync("a line\n".repeat(1000)).subarray(0, bytes));
    const { output } = collect();

    expect(await printHostLog(file, output)).toEqual({ isWhole: false });
  });

  it("takes what is no log for one that is broken", async () => {
    const file = await fileForTest(Buffer.from("this is not compressed at all"));
    const { output, text } = collect();

    expect(await printHostLog(file, output)).toEqual({ isWhole: false });
    expect(text()).toBe("");
  });

  it("says that there is none", async () => {
    const file = await fileForTest(Buffer.from(""));
    const { output } = collect();

    await expect(printHostLog(`${file}.missing`, output)).rejects.toThrow(/^there is no .*missing/);
  });

  it("ends with the one that reads it", async () => {
    const file = await fileForTest(zstdCompressSync("a line\n".repeat(1_000_000)));
    const output = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
    });

    await expect(printHostLog(file, output)).rejects.toThrow("EPIPE");
  });
});
