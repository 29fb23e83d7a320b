import { nixArgv, type NixCommand, positional } from "../command.ts";

/** Options of readBuildLog. */
export interface ReadBuildLogOptions {
  /** Store path of a derivation, or of an output. */
  readonly path: string;
}

const NO_LOG = /build log of '[^']*' is not available/;

/**
 * Reads the log of a build, from this machine or from a substituter; undefined when nobody has one.
 * A log beyond 256 MiB is refused.
 */
export function readBuildLog(options: ReadBuildLogOptions): NixCommand<string | undefined> {
  return {
    program: "nix",
    name: "nix log",
    argv: nixArgv("log", positional(options.path)),
    failureCode: "ERR_NIX_FAILED",
    accepts: (exitCode, stderr) => exitCode === 0 || NO_LOG.test(stderr),
    parse: ({ exitCode, stdout }) => (exitCode === 0 ? stdout : undefined),
  };
}
