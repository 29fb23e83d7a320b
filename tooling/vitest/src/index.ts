import { defineConfig } from "vitest/config";

/** Where a member's test run leaves its JSON report, relative to the member. */
export const REPORT_FILE = ".vitest/report.json";

/** Options of {@link vitestConfig}. */
export interface VitestConfigOptions {
  /** Longest time one test may take, in ms. */
  readonly testTimeoutMs?: number;
  /** The test files; by default those of `npm test`. */
  readonly include?: string;
}

/** The test configuration that every member shares: runs from source, writes a JSON report. */
export function vitestConfig(options: VitestConfigOptions = {}): ReturnType<typeof defineConfig> {
  const testTimeout = options.testTimeoutMs ?? 30_000;
  return defineConfig({
    ssr: { resolve: { conditions: ["@nix-cache/source", "node", "import", "default"] } },
    test: {
      include: [options.include ?? "{src,test}/**/*.test.ts"],
      exclude: options.include === undefined ? ["src/full/**"] : [],
      reporters: ["default", ["json", { outputFile: REPORT_FILE }]],
      testTimeout,
      hookTimeout: testTimeout,
    },
  });
}
