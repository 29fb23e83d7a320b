import { vitestConfig } from "@nix-cache/tooling-vitest";

export default vitestConfig({ testTimeoutMs: 300_000 });
