import { isRecord, type JsonRecord } from "../json.ts";
import { readActivity } from "./activity.ts";
import type { LogEvent } from "./event.ts";
import { NO_ACTIVITY, readCount, readFields, readId, readText } from "./fields.ts";
import { readResult } from "./read-result.ts";

const PREFIX = "@nix ";
/** How lines of the file of the setting `json-log-path` start: Nix sorts the keys. */
const BARE_START = '{"action":"';

/**
 * The digits of an id. Ids are counter + (pid << 32), above 2^53 from pid 2^21 on, and JSON.parse would round
 * neighbours to one. Quotes inside a JSON string are escaped, so an unescaped `"id":` is always a key.
 */
const ID_DIGITS = /(?<!\\)"(id|parent)"\s*:\s*(0|[1-9]\d*)(?=\s*[,}])/g;

/**
 * Parses one line of stderr under `--log-format internal-json`, or of the file of `json-log-path`.
 *
 * @param line - without its line feed; of any length and content, nothing makes this throw
 * @returns the event; a line that is not Nix's (a remote builder's, a crash) as `text`; undefined for records
 * of types that this version of the package does not know
 * @see https://github.com/NixOS/nix/blob/2.34.8/src/libutil/logging.cc (JSONLogger)
 * @example parseLogLine('@nix {"action":"stop","id":7}') // { type: "stop", id: "7" }
 */
export function parseLogLine(line: string): LogEvent | undefined {
  if (line.startsWith(PREFIX)) {
    const record = parseRecord(line.slice(PREFIX.length));
    return record === undefined ? readForeignLine(line) : readRecord(record);
  }
  const record = line.startsWith(BARE_START) ? parseRecord(line) : undefined;
  // Without the prefix it may be another program's JSON, which must not get lost.
  return (record === undefined ? undefined : readRecord(record)) ?? readForeignLine(line);
}

function readForeignLine(line: string): LogEvent {
  return { type: "text", text: readText(line) };
}

function parseRecord(json: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(json.replace(ID_DIGITS, '"$1":"$2"'));
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readRecord(record: JsonRecord): LogEvent | undefined {
  switch (record["action"]) {
    case "start":
      return readStart(record);
    case "stop": {
      const id = readId(record["id"]);
      return id === NO_ACTIVITY ? undefined : { type: "stop", id };
    }
    case "result":
      return readResult(record);
    case "msg":
      return { type: "message", level: readCount(record["level"]), text: readText(record["msg"]) };
    default:
      return undefined;
  }
}

function readStart(record: JsonRecord): LogEvent | undefined {
  const id = readId(record["id"]);
  if (id === NO_ACTIVITY) return undefined;
  const parent = readId(record["parent"]);
  return {
    type: "start",
    id,
    ...(parent === NO_ACTIVITY ? {} : { parent }),
    level: readCount(record["level"]),
    text: readText(record["text"]),
    activity: readActivity(readCount(record["type"]), readFields(record["fields"])),
  };
}
