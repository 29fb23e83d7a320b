import { stat } from "node:fs/promises";

import type { BuilderConfig, Config, ConfigProblem } from "@nix-cache/config";

const READABLE_BY_OTHERS = 0o004;

/** Settings of nix.conf that hold a secret. */
const SECRET_SETTINGS = ["access-tokens", "extra-access-tokens"];

/** A secret that is in the configuration itself, and where it belongs. */
export interface ConfigSecret extends ConfigProblem {
  /** What it is, such as `the password of builder.flakeRepo`. */
  readonly what: string;
  /** The line to write in its place. */
  readonly remedy: string;
}

/** Finds secrets that a configuration holds, where it should name files. */
export function findConfigSecrets({ builder, nix }: Config): readonly ConfigSecret[] {
  return [
    ...(builder !== undefined && isSecretAddress(builder) ? [PASSWORD] : []),
    ...(SECRET_SETTINGS.some((name) => name in nix.settings) ? [TOKENS] : []),
  ];
}

/** A user name alone is often a token of a forge, except beside a file that has the token. */
function isSecretAddress({ flakeRepo, repoTokenFile }: BuilderConfig): boolean {
  const hasPassword = /:\/\/[^/?#]*:[^/?#]*@/.test(flakeRepo);
  const hasUser = /^https?:\/\/[^/?#]*@/.test(flakeRepo);
  return hasPassword || (hasUser && repoTokenFile === undefined);
}

/** Whether everybody on this machine can read a file; not of one that cannot be looked at. */
export async function isReadByEveryone(file: string): Promise<boolean> {
  try {
    return ((await stat(file)).mode & READABLE_BY_OTHERS) !== 0;
  } catch {
    // Whoever reads it says why it cannot be read.
    return false;
  }
}

const PASSWORD: ConfigSecret = {
  key: "builder.flakeRepo",
  what: "the password or token of builder.flakeRepo",
  message:
    "expected no password or token in a file that everyone can read: put it into the file of builder.repoTokenFile, " +
    "beside which a user name alone may stay",
  remedy: 'builder.repoTokenFile = "/etc/nix-cache-builder/token"   # and none in builder.flakeRepo',
};

const TOKENS: ConfigSecret = {
  key: "nix.settings",
  what: "the access tokens of nix.settings",
  message:
    "expected no access-tokens in a file that everyone can read: put them into that of builder.accessTokensFile",
  remedy: 'builder.accessTokensFile = "/etc/nix-cache-builder/tokens"   # in place of nix.settings',
};
