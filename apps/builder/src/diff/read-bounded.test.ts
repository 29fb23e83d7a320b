import { describe, expect, it } from "vitest";

import { expand, link, makeStoreTree, type TreeEntry } from "../../test/store-tree.ts";
import { readBounded } from "./read-bounded.ts";

async function fileOf(entry: TreeEntry): Promise<string> {
  const { realStoreDir } = await makeStoreTree({ "@1-a": entry });
  return expand("@1-a").replace("/nix/store", realStoreDir);
}

describe("readBounded", () => {
  it("reads a file of the largest size, each byte as one character", async () => {
    expect(await readBounded(await fileOf("é"), 2)).toBe("\u00C3\u00A9");
  });

  it("reads no larger file", async () => {
    expect(await readBounded(await fileOf("12345"), 4)).toBeUndefined();
  });

  it("reads no FIFO, and does not wait for one", async () => {
    expect(await readBounded(await fileOf({ type: "fifo" }), 4)).toBeUndefined();
  });

  it("does not follow a link", async () => {
    await expect(readBounded(await fileOf(link("/etc/hostname")), 1024)).rejects.toMatchObject({
      code: "ELOOP",
    });
  });
});
