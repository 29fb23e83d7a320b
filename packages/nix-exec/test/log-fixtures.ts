import { readFile } from "node:fs/promises";

import { createBuildMonitor } from "../src/log/build-monitor.ts";
import type { BuildSnapshot } from "../src/log/build-snapshot.ts";
import type { LogEvent } from "../src/log/event.ts";
import { parseLogLine } from "../src/log/parse-log-line.ts";

/** Reads the lines of a recorded or derived log. */
export async function readLogFixture(name: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`fixtures/${name}.internal-json.log`, import.meta.url), "utf8");
  return text.trimEnd().split("\n");
}

/** The events of lines; records that the parser ignores are left out. */
export function parseLines(lines: readonly string[]): readonly LogEvent[] {
  return lines.map(parseLogLine).filter((event) => event !== undefined);
}

/** One record of Nix's as a line. */
export function formatRecord(record: object): string {
  return `@nix ${JSON.stringify(record)}`;
}

/** What a monitor says after each event; they come one a second from the start of 1970 on. */
export function watchEvents(events: readonly LogEvent[]): readonly BuildSnapshot[] {
  const monitor = createBuildMonitor();
  return events.map((event, index) => {
    monitor.add(event, new Date(index * 1000));
    return monitor.snapshot();
  });
}
