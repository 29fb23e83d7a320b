import type { Config } from "./config.ts";
import type { ConfigFile } from "./schema.ts";

/** Fills in the defaults that depend on other keys. */
export function resolveConfig({ nix, builder, cacheServer }: ConfigFile): Config {
  return {
    nix: { ...nix, realStoreDir: nix.realStoreDir ?? nix.storeDir },
    ...(builder === undefined
      ? {}
      : {
          builder: {
            ...builder,
            rootsDir: builder.rootsDir ?? `${nix.stateDir}/gcroots/nix-cache-builder`,
            fallbackRootsDir: `${builder.stateDir}/gcroots`,
            sshKnownHostsFile: builder.sshKnownHostsFile ?? `${builder.stateDir}/known_hosts`,
          },
        }),
    cacheServer: {
      ...cacheServer,
      signingKeyFiles: cacheServer.signingKeyFiles ?? (builder === undefined ? [] : [builder.signingKeyFile]),
      serve: cacheServer.serve ?? (builder === undefined ? "store" : "published"),
    },
  };
}
