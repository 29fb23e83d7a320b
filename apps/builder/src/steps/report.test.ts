import type { HostResult } from "@nix-cache/history";
import { describe, expect, it } from "vitest";

import { statusOf } from "./report.ts";

const BASE = { run: "1", durationMs: 1 };
const GOOD: HostResult = { ...BASE, host: "nz", state: "unchanged", toplevel: "/nix/store/x", generation: 1 };
const BAD: HostResult = { ...BASE, host: "mz", state: "failed", failedStep: "build", reason: "no" };

describe("statusOf", () => {
  it("is SUCCESS when every host succeeded and nothing fell short", () => {
    expect(statusOf({ results: [GOOD], shortcomings: [] })).toBe("SUCCESS");
  });

  it("is PARTIAL when one host failed", () => {
    expect(statusOf({ results: [GOOD, BAD], shortcomings: [] })).toBe("PARTIAL");
  });

  it("is PARTIAL when an older checkout or lock had to do", () => {
    expect(statusOf({ results: [GOOD], shortcomings: ["no sync"] })).toBe("PARTIAL");
  });

  it("is FAILED when no host succeeded", () => {
    expect(statusOf({ results: [BAD], shortcomings: [] })).toBe("FAILED");
    expect(statusOf({ results: [], shortcomings: [] })).toBe("FAILED");
  });
});
