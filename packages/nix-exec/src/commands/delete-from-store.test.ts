import { describe, expect, it } from "vitest";

import { DETERMINATE_3_22, LIX_2_93, NIX_2_34, NIX_2_35, NIX_2_8 } from "../../test/versions.ts";
import { deleteDead, deleteFromStore } from "./delete-from-store.ts";

const PATH = "/nix/store/3yssyp907yffk41gx3217bbs0k71hx08-dep";
const OTHER = "/nix/store/94canrq2cb8q2hwz4la6x0ny8qvc6m9d-top";

/** Printed by `nix-store --delete` of two paths, the first of which holds a mount point `m`. */
const STUCK = {
  "2.8": `deleting '${PATH}'
error: cannot unlink '${PATH}/m': Device or resource busy
`,
  "2.26": `deleting '${PATH}'
error: cannot unlink "${PATH}/m": Device or resource busy
`,
  "2.34": `deleting '${PATH}'
error (ignored): cannot unlink "${PATH}": Directory not empty
error:
       … While deleting store path "${PATH}"

       error: cannot unlink "${PATH}/m": Device or resource busy
`,
};
const NOTHING_FREED = "1 store paths deleted, 0.0 KiB freed";

describe("deleteDead", () => {
  it.each([
    ["Nix 2.8", NIX_2_8, undefined],
    ["Nix 2.34", NIX_2_34, undefined],
    ["Nix 2.35", NIX_2_35, "store delete --skip-alive"],
    ["Determinate 3.22", DETERMINATE_3_22, "store delete --skip-alive"],
    ["Lix 2.93", LIX_2_93, "store delete --skip-live"],
  ])("is spelled as %s has it", (_name, capabilities, expected) => {
    const command = deleteDead({ paths: [PATH] }, capabilities);

    expect(command?.argv.slice(2, -1).join(" ")).toBe(expected);
  });

  it("reads what Lix prints", () => {
    const command = deleteDead({ paths: [PATH] }, LIX_2_93);

    expect(
      command?.parse({ exitCode: 0, stdout: "2 store paths deleted, 1.50 MiB freed\n", stderr: "" }),
    ).toEqual({ deletedPaths: 2, freedBytes: 1_572_864 });
  });

  it("takes a busy path for an answer", () => {
    const command = deleteDead({ paths: [PATH] }, NIX_2_35);

    expect(command?.accepts?.(1, STUCK["2.34"])).toBe(true);
  });
});

describe("deleteFromStore", () => {
  const { accepts, parse } = deleteFromStore({ paths: [OTHER, PATH] });

  it("takes a path that is alive for an answer, and nothing else", () => {
    const stderr = `error: Cannot delete path '${PATH}' since it is still alive. To find out why, use: nix-store --query --roots`;

    expect(accepts?.(1, stderr)).toBe(true);
    expect(accepts?.(1, "error: opening lock file: Permission denied")).toBe(false);
    expect(parse({ exitCode: 1, stdout: "0 store paths deleted, 0.00 MiB freed\n", stderr })).toEqual({
      alive: PATH,
      deletedPaths: 0,
      freedBytes: 0,
    });
  });

  it.each(Object.entries(STUCK))(
    "tells which path is busy, and why, as Nix %s prints it",
    (_version, text) => {
      const stderr = text + NOTHING_FREED;

      expect(accepts?.(1, stderr)).toBe(true);
      expect(parse({ exitCode: 1, stdout: "", stderr })).toEqual({
        deletedPaths: 1,
        freedBytes: 0,
        stuck: {
          path: PATH,
          reason: expect.stringMatching(/^cannot unlink .*dep\/m.: Device or resource busy$/),
        },
      });
    },
  );

  it("finds the path by its name where the files of the store are elsewhere", () => {
    const stderr = `error: cannot unlink '/mnt${PATH}/a': Operation not permitted\n${NOTHING_FREED}`;

    expect(parse({ exitCode: 1, stdout: "", stderr }).stuck?.path).toBe(PATH);
  });

  it.each([
    `error: cannot unlink '${PATH}/a': Read-only file system`,
    `error: cannot unlink '${PATH}/a': Input/output error`,
    `error: cannot unlink '/tmp/else': Device or resource busy`,
  ])("does not go on after %s", (stderr) => {
    expect(accepts?.(1, stderr)).toBe(false);
  });
});
