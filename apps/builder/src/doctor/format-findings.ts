import { paint, type TextStyle } from "../text/paint.ts";
import { toSafeText } from "../text/safe-text.ts";
import type { Finding, FindingStatus } from "./finding.ts";

/** How a status looks: a word rather than a sign, which every terminal has and every reader can search for. */
const STYLES: Readonly<Record<FindingStatus, TextStyle>> = {
  ok: "good",
  warning: "warning",
  problem: "bad",
  skipped: "faint",
};

const STATUSES = ["problem", "warning", "ok", "skipped"] as const;

const STATUS_WIDTH = Math.max(...STATUSES.map((status) => status.length));

/** What comes before each line of a remedy. */
const ARROW = "-> ";

/**
 * Writes findings for a person: one line each, what else is known and what to do indented below it, the count at the
 * end. Texts of others, such as Nix, are made harmless.
 */
export function formatFindings(findings: readonly Finding[]): string {
  const nameWidth = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.flatMap((finding, index) => {
    const isSame = findings[index - 1]?.check === finding.check;
    return formatFinding(finding, isSame ? "" : finding.check, nameWidth);
  });
  return [...lines, "", formatCount(findings), ""].join("\n");
}

function formatFinding(finding: Finding, name: string, nameWidth: number): readonly string[] {
  const { detail, remedy, status, summary } = finding;
  const indent = " ".repeat(STATUS_WIDTH + nameWidth + 4);
  const [first = "", ...more] = linesOf(summary);
  const head = `${paint(STYLES[status], status.padEnd(STATUS_WIDTH))}  ${paint("strong", name.padEnd(nameWidth))}  `;
  const isQuiet = status === "skipped";
  return [
    head + (isQuiet ? paint("faint", first) : first),
    ...[...more, ...linesOf(detail)].map((line) => indent + paint("faint", line)),
    ...linesOf(remedy).map((line) => indent + paint(STYLES[status], ARROW) + line),
  ];
}

function linesOf(text = ""): readonly string[] {
  return text === "" ? [] : toSafeText(text).split("\n");
}

function formatCount(findings: readonly Finding[]): string {
  const counts = STATUSES.flatMap((status) => {
    const count = findings.filter((finding) => finding.status === status).length;
    return count === 0 ? [] : [paint(STYLES[status], describeCount(count, status))];
  });
  return counts.join(", ");
}

function describeCount(count: number, status: FindingStatus): string {
  if (status === "ok" || status === "skipped") return `${count} ${status}`;
  return `${count} ${status}${count === 1 ? "" : "s"}`;
}
