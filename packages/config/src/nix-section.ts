import * as z from "zod";

import type { NixConfig } from "./config.ts";
import type { Partly, Section } from "./section.ts";
import * as value from "./values.ts";

/** Nix's own defaults: nix.conf(5) and the environment variables of nix(1). */
export const nixSection: Section<Partly<NixConfig, "realStoreDir">> = z.strictObject(
  {
    binDir: value
      .absolutePath()
      .exactOptional()
      .meta({ description: "directory of the nix executables", whenAbsent: "found on PATH" }),
    storeDir: value.plainPath().default("/nix/store").describe("logical store directory"),
    stateDir: value
      .absolutePath()
      .default("/nix/var/nix")
      .describe("state of Nix; the database is `<stateDir>/db/db.sqlite`"),
    realStoreDir: value.absolutePath().exactOptional().meta({
      description: "where the files of the store are, when a chroot store is served",
      whenAbsent: "`<nix.storeDir>`",
    }),
    logDir: value.absolutePath().default("/nix/var/log/nix").describe("build logs"),
    settings: z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]*$/),
        value.nixSetting(),
        value.expected("a table of Nix settings"),
      )
      .default({})
      .describe(
        "settings of nix.conf for the builder's Nix processes, over those of the machine: `settings.cores = 4`",
      ),
  },
  value.expected("a table"),
);
