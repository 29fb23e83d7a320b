import { nixArgv, type NixCommand, positional } from "../command.ts";

/** Options of signClosure. */
export interface SignOptions {
  readonly paths: readonly [string, ...string[]];
  /** File with a secret key as made by `nix key generate-secret`; its content is never read here. */
  readonly keyFile: string;
}

/** Signs the closure of store paths; paths that have the key's signature already are left alone. */
export function signClosure(options: SignOptions): NixCommand<{ readonly added: number }> {
  return {
    program: "nix",
    name: "nix store sign",
    argv: nixArgv(
      "store",
      "sign",
      "--recursive",
      "--key-file",
      options.keyFile,
      ...options.paths.map(positional),
    ),
    failureCode: "ERR_NIX_KEY",
    parse: ({ stderr }) => ({ added: Number(/added (\d+) signatures/.exec(stderr)?.[1] ?? 0) }),
  };
}
