import { fetchDebianNix, NIX_SUITES } from "@nix-cache/tooling-parts";
import { vitestConfig } from "@nix-cache/tooling-vitest";
import { mergeConfig } from "vitest/config";

/** What is evaluated and built, which no version of Nix may change. */
const ON_EVERY_NIX = [
  "agreement",
  "assertions",
  "builder-module",
  "calendar",
  "client-module",
  "firewall",
  "options",
  "packages",
  "pnpm-lock",
  "pnpm-lock-refusals",
  "pnpm-lock-yaml",
  "units",
  "vm-test",
];

const onEveryNix = await Promise.all(
  NIX_SUITES.map(async (suite) => ({
    name: `Nix of ${suite}`,
    include: ON_EVERY_NIX.map((name) => `src/${name}.test.ts`),
    env: { PATH: `${await fetchDebianNix(suite)}:${process.env["PATH"] ?? ""}` },
  })),
);

const config = vitestConfig({
  testTimeoutMs: 600_000,
  projects: [{ name: "machine", include: ["src/full/**/*.test.ts"] }, ...onEveryNix],
});

export default mergeConfig(config, { test: { globalSetup: "src/support/tell-lib.ts" } });
