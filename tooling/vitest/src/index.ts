import { defineConfig, type TestProjectConfiguration, type ViteUserConfig } from "vitest/config";

/** Where a member's test run leaves its JSON report, relative to the member. */
export const REPORT_FILE = ".vitest/report.json";

/** For what hangs: every test of a busy machine with two slow cores ends well before. */
const DEFAULT_TEST_TIMEOUT_MS = 120_000;

/** How long `expect.poll` waits for what happens at once on an idle machine. */
const POLL_TIMEOUT_MS = 20_000;

const RUN_FROM_SOURCE: Pick<ViteUserConfig, "ssr"> = {
  ssr: { resolve: { conditions: ["@nix-cache/source", "node", "import", "default"] } },
};

/** Options of {@link vitestConfig}. */
export interface VitestConfigOptions {
  /** Longest time one test may take, in ms. */
  readonly testTimeoutMs?: number;
  /** The test files; by default those of `npm test`. */
  readonly include?: string;
  /** The same tests once for each of these, in place of once. */
  readonly projects?: readonly VitestProject[];
}

/** A group of tests that runs in an environment of its own. */
export interface VitestProject {
  readonly name: string;
  /** The test files. */
  readonly include: readonly string[];
  /** Variables that these tests see, and what they start. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The test configuration that every member shares: runs from source, writes a JSON report. */
export function vitestConfig(options: VitestConfigOptions = {}): ViteUserConfig {
  const testTimeout = options.testTimeoutMs ?? DEFAULT_TEST_TIMEOUT_MS;
  return defineConfig({
    ...RUN_FROM_SOURCE,
    test: {
      ...(options.projects === undefined
        ? {
            include: [options.include ?? "{src,test}/**/*.test.ts"],
            exclude: options.include === undefined ? ["src/full/**"] : [],
          }
        : { projects: options.projects.map((project) => toProject(project, testTimeout)) }),
      reporters: ["default", ["json", { outputFile: REPORT_FILE }]],
      testTimeout,
      hookTimeout: testTimeout,
      expect: { poll: { timeout: POLL_TIMEOUT_MS } },
    },
  });
}

function toProject(
  { name, include, env = {} }: VitestProject,
  testTimeout: number,
): TestProjectConfiguration {
  return {
    ...RUN_FROM_SOURCE,
    extends: false,
    test: {
      name,
      include: [...include],
      env: { ...env },
      testTimeout,
      hookTimeout: testTimeout,
      expect: { poll: { timeout: POLL_TIMEOUT_MS } },
    },
  };
}
