import { type NixCommand, positional } from "../command.ts";
import { diagnose } from "../diagnose.ts";

/** A store path, which is valid. */
interface StorePath {
  readonly path: string;
}

const NO_SOURCE = /error: cannot repair path '/;

/**
 * Fetches a path anew, or builds it anew where no substituter has it; several paths in one command would end at the
 * first that has no source.
 *
 * @returns whether there was something to make the path from; a build that fails ends with status 0 as well
 */
export function repairPath({ path }: StorePath): NixCommand<boolean> {
  return {
    program: "nix-store",
    name: "nix-store --repair-path",
    argv: ["--repair-path", positional(path)],
    failureCode: "ERR_NIX_FAILED",
    accepts: (exitCode, stderr) =>
      exitCode === 0 || (NO_SOURCE.test(stderr) && diagnose(stderr)?.code !== "ERR_NIX_DISK_FULL"),
    parse: ({ exitCode }) => exitCode === 0,
  };
}
