import { fetchDebianNix, NIX_SUITES } from "@nix-cache/tooling-parts";
import { vitestConfig } from "@nix-cache/tooling-vitest";

import { fetchMachineRoot, SYSTEMD_SUITES } from "./src/support/machines.ts";

/** What a run does and what the demo shows, which no version of Nix may change. */
const ON_EVERY_NIX = [
  "checkout",
  "interrupted-run",
  "local-inputs",
  "nightly-run",
  "proof",
  "prune-command",
  "published-commands",
  "start",
];

const onEveryNix = await Promise.all(
  NIX_SUITES.map(async (suite) => ({
    name: `Nix of ${suite}`,
    include: ON_EVERY_NIX.map((name) => `src/${name}.test.ts`),
    env: { PATH: `${await fetchDebianNix(suite)}:${process.env["PATH"] ?? ""}` },
  })),
);

// Once for all, and not by each test that needs it: only root can make, and boot, them.
if (process.getuid?.() === 0) await Promise.all(SYSTEMD_SUITES.map((suite) => fetchMachineRoot(suite)));

export default vitestConfig({
  testTimeoutMs: 600_000,
  projects: [{ name: "versions", include: ["src/full/**/*.test.ts"] }, ...onEveryNix],
});
