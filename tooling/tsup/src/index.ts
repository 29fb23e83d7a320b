import { defineConfig } from "tsup";

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

/** Builds an app: one self-contained ESM file, its dependencies inside. */
export function appConfig(entry: Entries): TsupConfig {
  return defineConfig({
    entry,
    format: "esm",
    target: "node24",
    platform: "node",
    dts: false,
    removeNodeProtocol: false,
    clean: true,
    noExternal: [/.*/],
    esbuildOptions(options) {
      options.conditions = ["@nix-cache/source", ...(options.conditions ?? [])];
    },
    banner: {
      // Bundled CommonJS dependencies call require(), which ESM does not have.
      js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
    },
  });
}
