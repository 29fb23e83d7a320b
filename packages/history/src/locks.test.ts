import { describe, expect, it } from "vitest";

import { NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { type LockInput, openHistory } from "./index.ts";

const NIXPKGS: LockInput = {
  name: "nixpkgs",
  type: "github",
  url: "https://github.com/NixOS/nixpkgs",
  rev: "ab12",
  lastModified: NOW,
  narHash: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
};
const DOTFILES: LockInput = { name: "home-manager/dotfiles", type: "path", url: "/etc/dotfiles" };

describe("recordLock", () => {
  it("keeps the inputs of a lock, by name", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    history.recordLock({ digest: "sha256:1", inputs: [NIXPKGS, DOTFILES] });

    expect(history.lockInputs("sha256:1")).toEqual([DOTFILES, NIXPKGS]);
  });

  it("leaves a lock that is known as it is", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    history.recordLock({ digest: "sha256:1", inputs: [NIXPKGS] });

    history.recordLock({ digest: "sha256:1", inputs: [DOTFILES] });

    expect(history.lockInputs("sha256:1")).toEqual([NIXPKGS]);
  });

  it("tells a lock without inputs from one that is not known", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    history.recordLock({ digest: "sha256:1", inputs: [] });

    expect(history.lockInputs("sha256:1")).toEqual([]);
    expect(history.lockInputs("sha256:2")).toBeUndefined();
  });

  it("records nothing of a lock that names an input twice or has no valid time", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const invalid = { ...NIXPKGS, lastModified: new Date(Number.NaN) };

    expect(() => history.recordLock({ digest: "sha256:1", inputs: [DOTFILES, DOTFILES] })).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_CONFLICT" }),
    );
    expect(() => history.recordLock({ digest: "sha256:1", inputs: [invalid] })).toThrow(RangeError);
    expect(history.lockInputs("sha256:1")).toBeUndefined();
  });
});
