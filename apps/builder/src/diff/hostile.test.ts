import type { SystemFacts } from "@nix-cache/closure-diff";
import { describe, expect, it } from "vitest";

import { expand, link, makeStoreTree, type TreeEntry } from "../../test/store-tree.ts";
import { readSystemFacts } from "./read-system-facts.ts";
import { createStoreFiles, StoreFilesLimitError } from "./store-files.ts";

const TOPLEVEL = expand("@0-nixos-system-nz-26.05");
const FIFO = { type: "fifo" } as const;

type Tree = Readonly<Record<string, TreeEntry>>;

async function readFacts(tree: Tree): Promise<SystemFacts> {
  return readSystemFacts(TOPLEVEL, await makeStoreTree(tree));
}

/** The content of /etc/file as far as it tells one target from another. */
async function readEtcFile(target: TreeEntry, others: Tree = {}): Promise<string | undefined> {
  const tree = { "@0-nixos-system-nz-26.05/etc/file": target, ...others };
  return (await readFacts(tree)).etc?.get("file")?.exact;
}

describe("readSystemFacts, of files that no sound store has", () => {
  it("does not wait for FIFOs", async () => {
    const facts = await readFacts({
      "@0-nixos-system-nz-26.05/kernel-params": FIFO,
      "@0-nixos-system-nz-26.05/kernel": FIFO,
      "@0-nixos-system-nz-26.05/etc/file": FIFO,
      "@0-nixos-system-nz-26.05/etc/systemd/system/a.service": link("@1-fifo"),
      "@1-fifo": FIFO,
    });

    expect(facts.etc?.has("file")).toBe(true);
    expect(facts.units?.has("a.service")).toBe(true);
    expect(facts).not.toHaveProperty("kernelParams");
  });

  it.each([
    ["/etc/passwd", "/etc/group"],
    ["../../../../../../../etc/passwd", "../../../../../../../etc/group"],
    ["@1-x/../../../../../../../etc/passwd", "@1-x/../../../../../../../etc/group"],
  ])("takes what leaves the store by a link to %s for the name of the link", async (target, other) => {
    const outside = await readEtcFile(link("@1-x"), { "@1-x": link(target) });

    expect(await readEtcFile(link("@1-x"), { "@1-x": link(other) })).toBe(outside);
    expect(await readEtcFile(link("@2-x"), { "@2-x": link(target) })).not.toBe(outside);
  });

  it("gives up on links that go in a circle", async () => {
    const circle = { "@1-a": link("@1-b"), "@1-b": link("@1-a") };

    expect(await readEtcFile(link("@1-a"), circle)).toBeDefined();
  });

  it("gives up on directories that go in a circle", async () => {
    const { etc } = await readFacts({
      "@0-nixos-system-nz-26.05/etc/a": link("@1-a"),
      "@1-a/b": link("@1-b"),
      "@1-b/a": link("@1-a"),
      "@1-b/text": "text",
    });

    expect([...(etc ?? [])].map(([name]) => name)).toEqual(["a/b/a", "a/b/text"]);
  });

  it("gives up on files that name each other", async () => {
    expect(await readEtcFile(link("@1-a"), { "@1-a": "@1-b @1-b", "@1-b": "@1-a @1-a" })).toBeDefined();
  });

  it("does not read huge files, and tells them apart by their store paths", async () => {
    const huge = { "@1-a": "a".repeat(2 ** 20 + 1), "@2-a": "b".repeat(2 ** 20 + 1) };

    expect(await readEtcFile(link("@1-a"), huge)).not.toBe(await readEtcFile(link("@2-a"), huge));
  });

  it("takes names with line breaks and escape sequences", async () => {
    const { etc } = await readFacts({ "@0-nixos-system-nz-26.05/etc/a\n\u001B[31m": "text" });

    expect([...(etc ?? [])].map(([name]) => name)).toEqual(["a\n\u001B[31m"]);
  });

  it("throws the reason of a signal that is aborted", async () => {
    const store = await makeStoreTree({ "@0-nixos-system-nz-26.05/etc/file": "text" });
    const reason = new Error("stop");

    await expect(readSystemFacts(TOPLEVEL, { ...store, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

describe("createStoreFiles", () => {
  it("stops after so many directory entries", async () => {
    const store = await makeStoreTree({ "@1-a/b": "", "@1-a/c": "" });
    const files = createStoreFiles({ ...store, maxEntries: 1, maxBytes: 10 });

    await expect(files.list(expand("@1-a"))).rejects.toThrow(StoreFilesLimitError);
  });

  it("stops after so many bytes", async () => {
    const store = await makeStoreTree({ "@1-a": "ten bytes!" });
    const files = createStoreFiles({ ...store, maxEntries: 10, maxBytes: 15 });

    expect(await files.read(expand("@1-a"), 10)).toBe("ten bytes!");
    await expect(files.read(expand("@1-a"), 10)).rejects.toThrow(StoreFilesLimitError);
  });
});
