import { fetchDebianNix, NIX_SUITES } from "@nix-cache/tooling-parts";
import { vitestConfig } from "@nix-cache/tooling-vitest";

import { LIB_UNDER_TEST } from "./src/support/lib-under-test.ts";

/** What is evaluated, which no version of Nix may change. */
const ON_EVERY_NIX = [
  "assertions",
  "builder-module",
  "calendar",
  "client-module",
  "firewall",
  "options",
  "units",
];

console.info(LIB_UNDER_TEST);

const onEveryNix = await Promise.all(
  NIX_SUITES.map(async (suite) => ({
    name: `Nix of ${suite}`,
    include: ON_EVERY_NIX.map((name) => `src/${name}.test.ts`),
    env: { PATH: `${await fetchDebianNix(suite)}:${process.env["PATH"] ?? ""}` },
  })),
);

export default vitestConfig({
  testTimeoutMs: 600_000,
  projects: [{ name: "machine", include: ["src/full/**/*.test.ts"] }, ...onEveryNix],
});
