import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** What a test run came to. */
export interface Totals {
  readonly passed: number;
  /** Names of the tests that failed. */
  readonly failed: readonly string[];
  /** Names of the tests that were skipped, each with its reason. */
  readonly skipped: readonly string[];
}

interface Assertion {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
  readonly meta?: { readonly skipReason?: string };
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly Assertion[];
  }[];
}

const NOTHING: Totals = { passed: 0, failed: [], skipped: [] };

/**
 * Reads the report that a member's test run left.
 *
 * @param member directory of the member
 * @param file vitest's JSON report; a member without tests leaves none
 */
export function readReport(member: string, file: string): Totals {
  if (!existsSync(file)) return NOTHING;
  const { testResults }: VitestReport = JSON.parse(readFileSync(file, "utf8"));
  const named = (assertion: Assertion): string => `${basename(member)}: ${assertion.fullName}`;
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that fails to load has no tests in the report, and must not pass for that.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every(isPassed),
  );
  return {
    passed: all.filter(isPassed).length,
    failed: [
      ...all.filter(({ status }) => status === "failed").map(named),
      ...broken.map(({ name }) => `${basename(member)}: ${name}`),
    ],
    skipped: all.filter(isSkipped).map((assertion) => `${named(assertion)} (${reasonOf(assertion)})`),
  };
}

function isPassed({ status }: Assertion): boolean {
  return status === "passed";
}

function isSkipped({ status }: Assertion): boolean {
  return status !== "passed" && status !== "failed";
}

function reasonOf({ meta }: Assertion): string {
  return meta?.skipReason ?? "gave no reason";
}
