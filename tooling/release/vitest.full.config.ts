import { vitestConfig } from "@nix-cache/tooling-vitest";

export default vitestConfig({ testTimeoutMs: 900_000, include: "src/full/**/*.test.ts" });
