import { defineConfig } from "tsup";

import appBundle from "./app-bundle.json" with { type: "json" };

type Entries = Record<string, string>;
type TsupConfig = ReturnType<typeof defineConfig>;

/**
 * Builds a library: ESM, one file per entry with shared chunks, no declarations.
 * tsc writes those: tsup's own cannot run on TypeScript 7.
 */
export function libraryConfig(entry: Entries): TsupConfig {
  return defineConfig({
    entry,
    format: "esm",
    target: "node24",
    dts: false,
    // node:sqlite has no name without the prefix, which tsup strips unless told otherwise.
    removeNodeProtocol: false,
    sourcemap: true,
    clean: true,
  });
}

/** Builds an app: one self-contained bundle of ESM files. The Nix package makes the same one with esbuild alone. */
export function appConfig(entry: Entries): TsupConfig {
  const { banner, conditions, mainFields, splitting, target, tsconfig } = appBundle;
  return defineConfig({
    entry,
    format: "esm",
    platform: "node",
    target,
    splitting,
    tsconfig,
    dts: false,
    removeNodeProtocol: false,
    clean: true,
    noExternal: [/.*/],
    esbuildOptions(options) {
      options.mainFields = mainFields;
      options.conditions = conditions;
    },
    // Bundled CommonJS dependencies call require(), which ESM does not have.
    banner: { js: banner },
  });
}
