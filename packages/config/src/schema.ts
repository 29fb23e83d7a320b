import * as z from "zod";

import { builderSection as builder } from "./builder-section.ts";
import { cacheServerSection as cacheServer } from "./cache-server-section.ts";
import { nixSection as nix } from "./nix-section.ts";
import * as value from "./values.ts";

/** The file once its shape and values are known to be right; what hangs on other keys is not filled in yet. */
export interface ConfigFile {
  readonly nix: z.output<typeof nix>;
  readonly builder?: z.output<typeof builder>;
  readonly cacheServer: z.output<typeof cacheServer>;
}

/** The file as it is written: two sections and what they share, each key optional or with its default. */
export const configFile: z.ZodType<ConfigFile> = z
  .strictObject(
    { nix: nix.prefault({}), builder: builder.exactOptional(), cacheServer: cacheServer.prefault({}) },
    value.expected("the tables nix, builder and cacheServer"),
  )
  .refine(
    ({ builder: { flakeRepo = "", repoTokenFile } = {} }) =>
      repoTokenFile === undefined || /^https?:/.test(flakeRepo),
    {
      path: ["builder", "repoTokenFile"],
      error:
        "expected a token only beside an https:// repository: others are reached by sshKeyFile, or need none",
    },
  )
  .refine((file) => file.builder?.lfs !== true || file.builder.gitEngine === "git", {
    path: ["builder", "lfs"],
    error: 'expected gitEngine = "git" beside it: isomorphic-git knows no Git LFS',
  })
  .refine((file) => file.builder !== undefined || file.cacheServer.serve !== "published", {
    path: ["cacheServer", "serve"],
    error:
      'expected "store" in a file without a builder section, found "published": only a builder publishes',
  });

/** The keys that each section knows, for the error about one that it does not. */
export const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  "": ["nix", "builder", "cacheServer"],
  nix: Object.keys(nix.shape),
  builder: Object.keys(builder.shape),
  cacheServer: Object.keys(cacheServer.shape),
};
