import { isRecord, type JsonRecord } from "../json.ts";
import { activityTypeOf } from "./activity.ts";
import type { LogEvent } from "./event.ts";
import { readCount, readFields, readId, readText } from "./fields.ts";

/**
 * Reads a record of what became of an activity, by ResultType of Nix's logging.hh.
 *
 * @returns undefined for types that this version of the package does not know
 */
export function readResult(record: JsonRecord): LogEvent | undefined {
  const id = readId(record["id"]);
  const [first, second, third, fourth] = readFields(record["fields"]);
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
      const counts = { done: readCount(first), expected: readCount(second) };
      return { type: "progress", id, ...counts, running: readCount(third), failed: readCount(fourth) };
    }
    case 106: {
      const activityType = activityTypeOf(readCount(first));
      return { type: "expected", id, activityType, expected: readCount(second) };
    }
    case 107:
      return { type: "post-build-log-line", id, line: readText(first) };
    case 108:
      return { type: "fetch-status", id, text: readText(first) };
    default:
      return readNewerResult(record, id);
  }
}

/**
 * Nix and Determinate gave these numbers different meanings; what the record carries tells them apart.
 *
 * @see https://github.com/DeterminateSystems/nix-src/blob/c407745c8b9b616bebf7288697699c45794e31ac/src/libutil/include/nix/util/logging.hh (ResultType)
 */
function readNewerResult(record: JsonRecord, id: string): LogEvent | undefined {
  const { type, payload } = record;
  if (isRecord(payload)) {
    if (type === 109) return readHashMismatch(payload, id);
    return type === 110 ? readBuildResult(payload, id) : undefined;
  }
  const [storePath] = readFields(record["fields"]);
  if (type !== 109 || typeof storePath !== "string") return undefined;
  return { type: "fetched-to-store", id, storePath: readText(storePath) };
}

function readHashMismatch(payload: JsonRecord, id: string): LogEvent {
  const { storePath, wanted, got } = payload;
  return {
    type: "hash-mismatch",
    id,
    drvPath: readText(storePath),
    wanted: readText(wanted),
    got: readText(got),
  };
}

/** A derivation's `path` is an object that names it and its outputs, a fetched path's a string. */
function readBuildResult(payload: JsonRecord, id: string): LogEvent {
  const { path, success, status, errorMsg } = payload;
  return {
    type: "build-result",
    id,
    baseName: readText(isRecord(path) ? path["drvPath"] : path),
    success: success === true,
    status: readText(status),
    message: readText(errorMsg),
  };
}
