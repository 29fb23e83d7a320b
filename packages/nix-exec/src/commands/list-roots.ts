import type { NixCommand } from "../command.ts";

/** A GC root. */
export interface GcRoot {
  /** The link, or a word in braces such as `{censored}` or `{temp:42}` where there is none to name. */
  readonly link: string;
  readonly storePath: string;
}

/**
 * Lists the GC roots. Nix removes the registrations of links that are gone while it looks, so a link whose
 * disk is not mounted loses its protection for good.
 */
export function listRoots(): NixCommand<readonly GcRoot[]> {
  return {
    program: "nix-store",
    name: "nix-store --gc --print-roots",
    argv: ["--gc", "--print-roots"],
    failureCode: "ERR_NIX_FAILED",
    parse: ({ stdout }) =>
      stdout.split("\n").flatMap((line) => {
        const arrow = line.lastIndexOf(" -> ");
        return arrow < 0 ? [] : [{ link: unquote(line.slice(0, arrow)), storePath: line.slice(arrow + 4) }];
      }),
  };
}

/** Nix 2.34 prints links as C++ quotes them; 2.26 still prints them plain. */
function unquote(link: string): string {
  const quoted = /^"(.*)"$/.exec(link)?.[1];
  return quoted === undefined ? link : quoted.replaceAll(/\\(["\\])/g, "$1");
}
