import * as z from "zod";

import type { BuilderConfig, CacheServerConfig, NixConfig } from "./config.ts";
import * as value from "./values.ts";

/** Nix's own defaults: nix.conf(5) and the environment variables of nix(1). */
const nix = z.strictObject(
  {
    binDir: value.absolutePath().exactOptional(),
    storeDir: value.plainPath().default("/nix/store"),
    stateDir: value.absolutePath().default("/nix/var/nix"),
    realStoreDir: value.absolutePath().exactOptional(),
    logDir: value.absolutePath().default("/nix/var/log/nix"),
    settings: z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]*$/),
        value.nixSetting(),
        value.expected("a table of Nix settings"),
      )
      .default({}),
  },
  value.expected("a table"),
);

const builder = z.strictObject(
  {
    flakeRepo: value.repository(),
    hosts: value.hosts(),
    flakePath: value.plainPath().default("/var/lib/nix-cache-builder/flake"),
    flakeBranch: value.branch().default("main"),
    updateFlake: value.flag().default(true),
    cacheDir: value.absolutePath().default("/var/cache/nix-builds"),
    stateDir: value.plainPath().default("/var/lib/nix-cache-builder"),
    rootsDir: value.absolutePath().exactOptional(),
    maxCacheSize: value.wholeNumber().default(200),
    keepGenerations: value.wholeNumber().default(3),
    keepRuns: value.wholeNumber().default(365),
    minFreeSpace: value.wholeNumber().default(0),
    graceHours: value.wholeNumber().default(24),
    removedHostDays: value.wholeNumber().default(7),
    collect: z
      .enum(["targeted", "full", "none"], value.expected('"targeted", "full" or "none"'))
      .default("targeted"),
    collectGraceMinutes: value.wholeNumber().default(60),
    signingKeyFile: value.absolutePath().default("/run/secrets/nix-cache-priv-key"),
    sshKeyFile: value.absolutePath().default("/root/.ssh/id_ed25519"),
    sshKnownHostsFile: value.absolutePath().exactOptional(),
    sshConfigFile: value.absolutePath().exactOptional(),
    repoTokenFile: value.absolutePath().exactOptional(),
    gitEngine: z.enum(["isomorphic", "git"], value.expected('"isomorphic" or "git"')).default("isomorphic"),
    submodules: value.flag().default(false),
    lfs: value.flag().default(false),
    accessTokensFile: value.absolutePath().exactOptional(),
    buildSchedule: value.text("daily, weekly or a calendar expression").default("daily"),
    buildTime: value.text("a time such as 02:00").default("02:00"),
  },
  value.expected("a table"),
);

const cacheServer = z.strictObject(
  {
    enable: value.flag().default(true),
    host: value.listenAddress().default("::"),
    port: value.port().default(5000),
    priority: value.wholeNumber().default(40),
    allow: z
      .array(value.addressRange(), value.expected("a list of address ranges"))
      .default(["192.168.0.0/16", "127.0.0.0/8", "::1/128"]),
    signingKeyFiles: z
      .array(value.absolutePath(), value.expected("a list of absolute paths"))
      .exactOptional(),
    serve: z.enum(["published", "store"], value.expected('"published" or "store"')).exactOptional(),
  },
  value.expected("a table"),
);

/** The file once its shape and values are known to be right; what hangs on other keys is not filled in yet. */
export interface ConfigFile {
  readonly nix: Partly<NixConfig, "realStoreDir">;
  readonly builder?: Partly<Omit<BuilderConfig, "fallbackRootsDir">, "rootsDir" | "sshKnownHostsFile">;
  readonly cacheServer: Partly<CacheServerConfig, "signingKeyFiles" | "serve">;
}

type Partly<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

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
