import { vitestConfig } from "@nix-cache/tooling-vitest";
import { mergeConfig } from "vitest/config";

export default mergeConfig(vitestConfig({ testTimeoutMs: 300_000 }), {
  test: { globalSetup: "src/support/tell-lib.ts" },
});
