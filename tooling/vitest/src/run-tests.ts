import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";

import { formatTotals, hasFailed } from "./format-totals.ts";
import { REPORT_FILE } from "./index.ts";
import { readReport, type Totals } from "./report.ts";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));

/** More at once only make each other late. */
const CONCURRENT_MEMBERS = 4;

/** What must hold of the whole checkout before a test of it means anything; each counts as one test. */
const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ["format", "oxfmt", "--check"],
  ["boundaries", "turbo", "boundaries"],
  ["unused code", "knip"],
  ["build", ...turbo("build")],
  ["types", ...turbo("typecheck")],
  ["lint", ...turbo("lint")],
  ["packages", ...turbo("check:package")],
];

function main(): void {
  const task = process.argv.includes("--full") ? "test:full" : "test";
  const members = listMembers();
  for (const member of members) rmSync(`${member}/${REPORT_FILE}`, { force: true });
  const failedChecks = CHECKS.filter(([name, ...command]) => !runCheck(name, command)).map(([name]) => name);
  console.log(`\n${task}: every member's tests`);
  // Never from the cache: what is counted below has run now.
  const testsRan = run([...turbo(task), "--force", `--concurrency=${CONCURRENT_MEMBERS}`]);
  const reports = members.map((member) => readReport(member, `${member}/${REPORT_FILE}`));
  const totals = addUp(failedChecks, testsRan, reports);
  const ci = process.env["CI"] === "true";
  console.log(`\n${formatTotals(totals, { ci })}`);
  process.exitCode = hasFailed(totals, { ci }) ? 1 : 0;
}

function turbo(task: string): string[] {
  return ["turbo", "run", task, "--continue", "--output-logs=errors-only", "--log-order=grouped"];
}

function listMembers(): string[] {
  return ["packages", "apps", "tooling"].flatMap((group) =>
    readdirSync(`${ROOT}/${group}`).map((name) => `${ROOT}/${group}/${name}`),
  );
}

function runCheck(name: string, command: readonly string[]): boolean {
  console.log(`\n${name}: ${command.join(" ")}`);
  return run(command);
}

function run([program = "", ...args]: readonly string[]): boolean {
  const { status } = spawnSync(program, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  return status === 0;
}

/** A run that failed without a failed test in any report crashed, and counts as one failure. */
function addUp(failedChecks: readonly string[], testsRan: boolean, reports: readonly Totals[]): Totals {
  const failed = [...failedChecks, ...reports.flatMap((report) => report.failed)];
  const crashed = !testsRan && reports.every((report) => report.failed.length === 0) ? ["test run"] : [];
  return {
    passed: CHECKS.length - failedChecks.length + reports.reduce((sum, report) => sum + report.passed, 0),
    failed: [...failed, ...crashed],
    skipped: reports.flatMap((report) => report.skipped),
  };
}

main();
