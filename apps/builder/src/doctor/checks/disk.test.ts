import { describe, expect, it } from "vitest";

import type { FileSystem } from "../file-systems.ts";
import { judgeFileSystem } from "./disk.ts";

const LIMITS = { minFreeSpace: 0, prune: "prune" };
const ROOMY: FileSystem = { uses: ["store"], path: "/nix/store", freeBytes: 300e9, totalBytes: 500e9 };

describe("judgeFileSystem", () => {
  it.each<[string, Partial<FileSystem>, string]>([
    ["room", {}, "ok"],
    ["room, and inodes made as they are needed", { freeBytes: 11e9 }, "ok"],
    ["little of much", { freeBytes: 9e9 }, "warning"],
    ["little, of which it is most", { freeBytes: 3e9, totalBytes: 4e9 }, "ok"],
    ["almost nothing", { freeBytes: 0.9e9 }, "problem"],
    ["few inodes", { inodes: { free: 30, total: 1000 } }, "warning"],
    ["no inodes", { inodes: { free: 0, total: 1000 } }, "problem"],
  ])("judges %s", (_name, changes, status) => {
    expect(judgeFileSystem({ ...ROOMY, ...changes }, LIMITS).status).toBe(status);
  });

  it("holds the store's disk alone to minFreeSpace", () => {
    const limits = { ...LIMITS, minFreeSpace: 400 };

    expect(judgeFileSystem(ROOMY, limits)).toMatchObject({ status: "problem", remedy: "prune" });
    expect(judgeFileSystem({ ...ROOMY, uses: ["temporary files"] }, limits).status).toBe("ok");
  });
});
