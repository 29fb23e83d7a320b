import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { expectNumber, expectRecord, expectString, type JsonRecord } from "../json.ts";
import { FLAKE_ARGUMENTS } from "./flake-arguments.ts";
import { lockArguments, type LockOptions } from "./lock-arguments.ts";

/** What Nix knows of a flake without evaluating it. */
export interface FlakeMetadata {
  /** The locked reference, as URL. */
  readonly url: string;
  readonly description?: string;
  /** Commit; left out for a dirty tree or a plain directory. */
  readonly revision?: string;
  /** Commit that a dirty tree is based on, `<rev>-dirty`; Nix 2.8 does not tell. */
  readonly dirtyRevision?: string;
  /** Seconds since 1970. */
  readonly lastModified?: number;
  /** Store path of the source. */
  readonly path: string;
  /** Identity of source and lock together; Nix 2.24 and newer, never Lix. */
  readonly fingerprint?: string;
  /** The content of flake.lock, as JSON. */
  readonly locks: JsonRecord;
}

/** Options of flakeMetadata. */
export interface FlakeMetadataOptions extends LockOptions {
  readonly flakeRef: string;
}

/** Fetches a flake and tells what it is and what it is locked to. */
export function flakeMetadata(
  options: FlakeMetadataOptions,
  capabilities: NixCapabilities,
): NixCommand<FlakeMetadata> {
  return {
    program: "nix",
    name: "nix flake metadata",
    argv: nixArgv(
      "flake",
      "metadata",
      "--json",
      positional(options.flakeRef),
      ...FLAKE_ARGUMENTS,
      ...lockArguments(options, capabilities),
    ),
    failureCode: "ERR_NIX_EVAL",
    parse: ({ stdout }) => parseFlakeMetadata(JSON.parse(stdout)),
  };
}

function parseFlakeMetadata(value: unknown): FlakeMetadata {
  const record = expectRecord(value, "the metadata");
  const { lastModified } = record;
  return {
    url: expectString(record["url"], "url"),
    path: expectString(record["path"], "path"),
    locks: expectRecord(record["locks"], "locks"),
    ...optionalStrings(record, ["description", "revision", "dirtyRevision", "fingerprint"]),
    ...(lastModified === undefined ? {} : { lastModified: expectNumber(lastModified, "lastModified") }),
  };
}

function optionalStrings<Name extends string>(
  record: JsonRecord,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = record[name];
    if (typeof value === "string") found[name] = value;
  }
  return found;
}
