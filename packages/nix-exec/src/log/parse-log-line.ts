import { isRecord } from "../json.ts";
import { cleanText, hideCredentials } from "../text.ts";
import { activityTypeOf, readActivity } from "./activity.ts";
import type { LogEvent } from "./event.ts";

const PREFIX = "@nix ";

/**
 * The digits of an id. Ids are counter + (pid << 32), above 2^53 from pid 2^21 on, and JSON.parse would round
 * neighbours to one. Quotes inside a JSON string are escaped, so an unescaped `"id":` is always a key.
 */
const ID_DIGITS = /(?<!\\)"(id|parent)"\s*:\s*(\d+)/g;

/**
 * Parses one line of stderr under `--log-format internal-json`.
 *
 * @param line - without its line feed
 * @returns the event; a line that is not Nix's (a remote builder's, a crash) as `text`; undefined for records
 * of types that this version of the package does not know
 * @see https://github.com/NixOS/nix/blob/2.34.8/src/libutil/logging.cc (JSONLogger)
 * @example parseLogLine('@nix {"action":"stop","id":7}') // { type: "stop", id: "7" }
 */
export function parseLogLine(line: string): LogEvent | undefined {
  if (!line.startsWith(PREFIX)) return { type: "text", text: readText(line) };
  const record = parseRecord(line.slice(PREFIX.length));
  if (record === undefined) return { type: "text", text: readText(line) };
  switch (record["action"]) {
    case "start":
      return readStart(record);
    case "stop":
      return { type: "stop", id: readId(record["id"]) };
    case "result":
      return readResult(record);
    case "msg":
      return { type: "message", level: readNumber(record["level"]), text: readText(record["msg"]) };
    default:
      return undefined;
  }
}

function parseRecord(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json.replace(ID_DIGITS, '"$1":"$2"'));
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readStart(record: Readonly<Record<string, unknown>>): LogEvent {
  const parent = readId(record["parent"]);
  return {
    type: "start",
    id: readId(record["id"]),
    ...(parent === "0" ? {} : { parent }),
    level: readNumber(record["level"]),
    text: readText(record["text"]),
    activity: readActivity(readNumber(record["type"]), readFields(record["fields"])),
  };
}

/** ResultType of Nix's logging.hh; 109 and 110 mean different things to Nix and Determinate. */
function readResult(record: Readonly<Record<string, unknown>>): LogEvent | undefined {
  const id = readId(record["id"]);
  const fields = readFields(record["fields"]);
  const [first, second, third, fourth] = fields;
  switch (record["type"]) {
    case 101:
      return { type: "build-log-line", id, line: readText(first) };
    case 102:
      return { type: "untrusted-path", id, storePath: readText(first) };
    case 103:
      return { type: "corrupted-path", id, storePath: readText(first) };
    case 104:
      return { type: "phase", id, phase: readText(first) };
    case 105: {
      const counts = { done: readNumber(first), expected: readNumber(second) };
      return { type: "progress", id, ...counts, running: readNumber(third), failed: readNumber(fourth) };
    }
    case 106:
      return {
        type: "expected",
        id,
        activityType: activityTypeOf(readNumber(first)),
        expected: readNumber(second),
      };
    case 107:
      return { type: "post-build-log-line", id, line: readText(first) };
    case 108:
      return { type: "fetch-status", id, text: readText(first) };
    default:
      return undefined;
  }
}

function readText(value: unknown): string {
  return typeof value === "string" ? hideCredentials(cleanText(value)) : "";
}

function readNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** 0 is no activity. */
function readId(value: unknown): string {
  return typeof value === "string" ? value : "0";
}

function readFields(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
