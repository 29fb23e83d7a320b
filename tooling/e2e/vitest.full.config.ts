import { fetchDebianNix, NIX_SUITES } from "@nix-cache/tooling-parts";
import { vitestConfig } from "@nix-cache/tooling-vitest";

/** What a run does and what the demo shows, which no version of Nix may change. */
const ON_EVERY_NIX = [
  "checkout",
  "interrupted-run",
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

export default vitestConfig({
  testTimeoutMs: 600_000,
  projects: [{ name: "versions", include: ["src/full/**/*.test.ts"] }, ...onEveryNix],
});
