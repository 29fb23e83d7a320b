import { nixArgv, type NixCommand, positional } from "../command.ts";

/** Options of copyClosure. At least one of `from` and `to` is given. */
export interface CopyClosureOptions {
  readonly paths: readonly [string, ...string[]];
  /** Store to copy from, as URL; left out: the store of this Nix. */
  readonly from?: string;
  /** Store to copy to, as URL such as `file:///srv/cache` or `ssh-ng://host`; left out: the store of this Nix. */
  readonly to?: string;
  /** File with the secret key that `to`, a binary cache, signs with; its content is never read here. */
  readonly keyFile?: string;
  /** False takes paths without a trusted signature, which only a trusted user may; true by default. */
  readonly checkSignatures?: boolean;
  /** Lets `to` fetch from its own substituters what they have; false by default. */
  readonly substituteOnDestination?: boolean;
}

/** Copies the closure of store paths from one store to another; what is there already is left alone. */
export function copyClosure(options: CopyClosureOptions): NixCommand<undefined> {
  const { from, to, keyFile } = options;
  if (from === undefined && to === undefined) throw new TypeError("expected from or to, got neither");
  if (keyFile !== undefined && to === undefined) {
    throw new TypeError("expected a binary cache to sign for in to, got a keyFile alone");
  }
  return {
    program: "nix",
    name: "nix copy",
    argv: nixArgv(
      "copy",
      ...(from === undefined ? [] : ["--from", storeUrl(from)]),
      ...(to === undefined ? [] : ["--to", withKey(storeUrl(to), keyFile)]),
      ...(options.checkSignatures === false ? ["--no-check-sigs"] : []),
      ...(options.substituteOnDestination === true ? ["--substitute-on-destination"] : []),
      "--log-format",
      "internal-json",
      "-v",
      ...options.paths.map(positional),
    ),
    failureCode: "ERR_NIX_FAILED",
    isLogged: true,
    parse: () => undefined,
  };
}

/** Every user of the machine reads the command line. */
function storeUrl(url: string): string {
  if (/^[a-z0-9+-]+:\/\/[^/?]*:[^/?@]*@/i.test(url)) {
    throw new RangeError(
      "expected a store URL without password: put it in the file of the setting netrc-file",
    );
  }
  return positional(url);
}

function withKey(url: string, keyFile: string | undefined): string {
  if (keyFile === undefined) return url;
  return `${url}${url.includes("?") ? "&" : "?"}secret-key=${encodeURIComponent(keyFile)}`;
}
