import { NixError } from "@nix-cache/nix-exec";
import { describe, expect, it } from "vitest";

import { tryTwice } from "./try-twice.ts";

const signal = new AbortController().signal;
const failure = new NixError("ERR_NIX_FAILED", "path is not valid");

describe("tryTwice", () => {
  it("looks again after a failure of Nix, once", async () => {
    const answers = [Promise.reject(failure), Promise.resolve("found")];

    await expect(tryTwice({ signal }, async () => answers.shift() ?? "")).resolves.toBe("found");
    await expect(tryTwice({ signal }, () => Promise.reject(failure))).rejects.toBe(failure);
  });

  it("looks once when anything else failed, or the command is to stop", async () => {
    const looks: string[] = [];
    const look = (name: string, error: Error) => async (): Promise<never> => {
      looks.push(name);
      throw error;
    };
    const stopped = AbortSignal.abort(new Error("stopped by SIGTERM"));

    await expect(tryTwice({ signal }, look("other", new TypeError("x")))).rejects.toThrow(TypeError);
    await expect(tryTwice({ signal: stopped }, look("stopped", failure))).rejects.toThrow(
      "stopped by SIGTERM",
    );
    expect(looks).toEqual(["other", "stopped"]);
  });
});
