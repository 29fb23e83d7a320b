import { defineConfig } from "vitest/config";

/** Where a member's test run leaves its JSON report, relative to the member. */
export const REPORT_FILE = ".vitest/report.json";

/** Options of {@link vitestConfig}. */
export interface VitestConfigOptions {
  /** Longest time one test may take, in ms. */
  readonly testTimeoutMs?: number;
}

/** The test configuration that every member shares: runs from source, writes a JSON report. */
export function vitestConfig(options: VitestConfigOptions = {}): ReturnType<typeof defineConfig> {
  const testTimeout = options.testTimeoutMs ?? 30_000;
  return defineConfig({
    ssr: { resolve: { conditions: ["@nix-cache/source", "node", "import", "default"] } },
    test: {
      include: ["{src,test}/**/*.test.ts"],
      reporters: ["default", ["json", { outputFile: REPORT_FILE }]],
      testTimeout,
      hookTimeout: testTimeout,
    },
  });
}
