import { describe, expect, it } from "vitest";

import { readAdvertisement } from "./advertisement.ts";
import { encodePktLine } from "./pkt-line.ts";
import type { PktLine } from "./pkt-line.ts";

const OID = "a".repeat(40);
const TAG = "b".repeat(40);
const ZERO = "0".repeat(40);

async function* toLines(texts: readonly string[], isEnded = true): AsyncGenerator<PktLine> {
  for (const text of texts) {
    yield { type: "data", payload: Buffer.from(text) };
  }
  if (isEnded) {
    yield { type: "flush" };
  }
}

function format(texts: readonly string[]): string {
  const lines = texts.map((text) => encodePktLine({ type: "data", payload: Buffer.from(text) }));
  return Buffer.concat([...lines, Buffer.from("0000")]).toString();
}

async function mend(texts: readonly string[]): Promise<string> {
  return Buffer.from(await readAdvertisement(toLines(texts))).toString();
}

describe("readAdvertisement", () => {
  it("leaves alone what isomorphic-git can read", async () => {
    const texts = [`${OID} HEAD\0side-band-64k\n`, `${OID} refs/heads/main\n`, `${TAG} refs/tags/v1\n`];

    expect(await mend(texts)).toBe(format(texts));
  });

  it("drops peeled tags and the version line", async () => {
    const mended = await mend([
      "version 1\n",
      `${OID} HEAD\0caps\n`,
      `${TAG} refs/tags/v1\n`,
      `${OID} refs/tags/v1^{}\n`,
    ]);

    expect(mended).toBe(format([`${OID} HEAD\0caps\n`, `${TAG} refs/tags/v1\n`]));
  });

  it("adds a HEAD where the remote's points nowhere", async () => {
    const mended = await mend([`${OID} refs/heads/main\0caps\n`, `${TAG} refs/heads/next\n`]);

    expect(mended).toBe(
      format([`${OID} refs/heads/main\0caps\n`, `${OID} HEAD\n`, `${TAG} refs/heads/next\n`]),
    );
  });

  it("leaves the line of an empty repository", async () => {
    const texts = [`${ZERO} capabilities^{}\0caps\n`];

    expect(await mend(texts)).toBe(format(texts));
  });

  it("says in words of the protocol that there is no ref at all", async () => {
    expect(await mend([])).toBe(format([`${ZERO} capabilities^{}\0\n`]));
  });

  it.each([
    ["ERR access denied\n", "ERR_GITSYNC_REPOSITORY"],
    [`shallow ${OID}\n`, "ERR_GITSYNC_REPOSITORY"],
    [`${"c".repeat(64)} HEAD\0object-format=sha256\n`, "ERR_GITSYNC_REPOSITORY"],
    ["nonsense\n", "ERR_GITSYNC_PROTOCOL"],
    [`${OID} HEAD\n`, "ERR_GITSYNC_PROTOCOL"],
  ])("refuses %j", async (text, code) => {
    await expect(mend([text])).rejects.toMatchObject({ code });
  });

  it("refuses an end before the flush", async () => {
    const lines = toLines([`${OID} HEAD\0caps\n`], false);

    await expect(readAdvertisement(lines)).rejects.toMatchObject({ code: "ERR_GITSYNC_PROTOCOL" });
  });
});
