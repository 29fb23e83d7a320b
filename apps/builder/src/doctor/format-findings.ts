import { paint, type TextStyle } from "../text/paint.ts";
import { toSafeText } from "../text/safe-text.ts";
import { wrapText } from "../text/wrap-text.ts";
import type { Finding, FindingStatus } from "./finding.ts";

/** How a status looks; it is a word rather than a sign, which every terminal has and everyone can search for. */
const STYLES: Readonly<Record<FindingStatus, TextStyle>> = {
  problem: "bad",
  warning: "warning",
  ok: "good",
  skipped: "faint",
};

/** In the order in which they are counted. */
const STATUSES = ["problem", "warning", "ok", "skipped"] as const;

const STATUS_WIDTH = Math.max(...STATUSES.map((status) => status.length));

/** Before what belongs to the finding above it. */
const INDENT = " ".repeat(STATUS_WIDTH + 2);

/** Before each line of a remedy, which stays one line however long it is: it is there to be copied. */
const ARROW = "-> ";

/** No text is wrapped to fewer columns, however narrow the terminal is. */
const MIN_TEXT_WIDTH = 30;

/**
 * Writes findings for a person: one line each, what else is known and what to do indented below it, the count at the
 * end. Texts of others, such as Nix, are made harmless.
 *
 * @param width columns to wrap texts to; absent: nothing is wrapped
 */
export function formatFindings(findings: readonly Finding[], width?: number): string {
  const nameWidth = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.flatMap((finding, index) => {
    const name = findings[index - 1]?.check === finding.check ? "" : finding.check;
    return formatFinding(withoutRepetition(finding, findings.slice(0, index)), name.padEnd(nameWidth), width);
  });
  return [...lines, "", formatCount(findings), ""].join("\n");
}

/** What is skipped for want of rights has one remedy, however often. */
function withoutRepetition(finding: Finding, earlier: readonly Finding[]): Finding {
  const { remedy, ...rest } = finding;
  const isRepeated = finding.status === "skipped" && earlier.some((other) => other.remedy === remedy);
  return isRepeated ? rest : finding;
}

function formatFinding(finding: Finding, name: string, width?: number): readonly string[] {
  const { detail, remedy, status, summary } = finding;
  const style = STYLES[status];
  const before = INDENT.length + name.length + 2;
  const [first = "", ...more] = wrap(summary, before, width);
  const tone = (text: string): string => (status === "skipped" ? paint("faint", text) : text);
  return [
    `${paint(style, status.padEnd(STATUS_WIDTH))}  ${paint("strong", name)}  ${tone(first)}`,
    ...more.map((line) => " ".repeat(before) + tone(line)),
    ...wrap(detail, INDENT.length, width).map((line) => INDENT + paint("faint", line)),
    ...linesOf(remedy).map((line) => INDENT + paint(style, ARROW) + line),
  ];
}

function wrap(text: string | undefined, before: number, width = Infinity): readonly string[] {
  const most = Math.max(MIN_TEXT_WIDTH, width - before);
  return linesOf(text).flatMap((line) => wrapText(line, most));
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
