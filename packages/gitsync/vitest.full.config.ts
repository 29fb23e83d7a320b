import { vitestConfig } from "@nix-cache/tooling-vitest";

/** What takes minutes: submodules after any damage, and killed at any step. */
export default vitestConfig({ testTimeoutMs: 120_000, include: "src/full/**/*.test.ts" });
