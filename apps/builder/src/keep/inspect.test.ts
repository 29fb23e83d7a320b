import { describe, expect, it } from "vitest";

import { findDismissed, type LiveGeneration } from "./inspect.ts";

const NOW = new Date("2026-11-22T02:00:00Z");

/** A generation that had a link which is gone. */
function generation(number: number, changes: Partial<LiveGeneration> = {}): LiveGeneration {
  return {
    host: "nz",
    number,
    toplevel: `/nix/store/nz-${number}`,
    createdAt: NOW,
    lastVerifiedAt: NOW,
    lastPublication: number,
    pinned: false,
    linkedAt: NOW,
    isLinked: false,
    isValid: true,
    ...changes,
  };
}

/** Numbers of what is taken for sent away, of a host's generations from the newest on. */
function dismissed(agrees: boolean, ...live: readonly LiveGeneration[]): readonly number[] {
  const hosts = [{ host: "nz", live, unknown: [], leftOver: [] }];
  return findDismissed({ hosts, unreadable: [], agrees }).map(({ number }) => number);
}

describe("findDismissed", () => {
  it("takes a link that is gone for a wish, but for the newest", () => {
    expect(dismissed(true, generation(3), generation(2), generation(1, { isLinked: true }))).toEqual([2]);
  });

  it("takes nothing for a wish while anything is to be put right", () => {
    expect(dismissed(false, generation(2), generation(1))).toEqual([]);
  });

  it("takes what never had a link for unfinished, not sent away", () => {
    const { linkedAt: _, ...unlinked } = generation(1);

    expect(dismissed(true, generation(2), unlinked)).toEqual([]);
  });

  it("keeps a pinned one, and the newest that the store has", () => {
    const lost = generation(3, { isValid: false, lostAt: NOW });

    expect(dismissed(true, lost, generation(2), generation(1, { pinned: true }))).toEqual([]);
  });
});
