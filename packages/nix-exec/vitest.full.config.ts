import { fetchDebianNix, NIX_SUITES } from "@nix-cache/tooling-parts";
import { vitestConfig } from "@nix-cache/tooling-vitest";
import { mergeConfig } from "vitest/config";

/** Every test with real Nix, once for each of Debian's versions. */
export default mergeConfig(
  vitestConfig({ testTimeoutMs: 120_000, include: "src/**/{nix-*,*-nix}.test.ts" }),
  {
    test: {
      projects: await Promise.all(
        NIX_SUITES.map(async (suite) => ({
          extends: true,
          test: {
            name: suite,
            env: { NIX_EXEC_BIN_DIR: await fetchDebianNix(suite), NIX_EXEC_SUITE: suite },
          },
        })),
      ),
    },
  },
);
