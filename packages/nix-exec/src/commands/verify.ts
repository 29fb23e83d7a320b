import { nixArgv, type NixCommand, positional } from "../command.ts";

/** Options of verifyClosure. */
export interface VerifyOptions {
  readonly paths: readonly [string, ...string[]];
  /** Keys as in trusted-public-keys, `NAME:BASE64`; those of nix.conf do not count. */
  readonly publicKeys: readonly [string, ...string[]];
  /** Distinct trusted signatures that each path needs; 1 by default. */
  readonly signaturesNeeded?: number;
}

/** Exit status of `nix store verify`: bit 1 corrupted, bit 2 untrusted, bit 4 not verifiable. */
const UNTRUSTED = 2;

/** Checks that every path of a closure has enough trusted signatures; the files' contents are not read. */
export function verifyClosure(options: VerifyOptions): NixCommand<boolean> {
  return {
    program: "nix",
    name: "nix store verify",
    argv: nixArgv(
      "store",
      "verify",
      "--recursive",
      "--no-contents",
      "--sigs-needed",
      String(options.signaturesNeeded ?? 1),
      "--trusted-public-keys",
      options.publicKeys.join(" "),
      ...options.paths.map(positional),
    ),
    failureCode: "ERR_NIX_FAILED",
    accepts: (exitCode) => exitCode === 0 || exitCode === UNTRUSTED,
    parse: ({ exitCode }) => exitCode === 0,
  };
}
