import * as z from "zod";

import type { CacheServerConfig } from "./config.ts";
import type { Partly, Section } from "./section.ts";
import * as value from "./values.ts";

/** How the store is served, and to whom. */
export const cacheServerSection: Section<Partly<CacheServerConfig, "signingKeyFiles" | "serve">> =
  z.strictObject(
    {
      enable: value
        .flag()
        .default(true)
        .describe("for service definitions and `npm start`; nix-cache-server itself ignores it"),
      host: value
        .listenAddress()
        .default("::")
        .describe("where to listen: `::` also takes IPv4; a socket that systemd hands over is used instead"),
      port: value.port().default(5000).describe("port to listen on"),
      socketActivation: value
        .flag()
        .default(false)
        .describe(
          "for service definitions: systemd listens and hands the socket over, so that the server itself reaches no network",
        ),
      priority: value
        .wholeNumber()
        .default(40)
        .describe("rank among a client's caches: lower is asked first, cache.nixos.org has 40"),
      allow: z
        .array(value.addressRange(), value.expected("a list of address ranges"))
        .default(["192.168.0.0/16", "127.0.0.0/8", "::1/128"])
        .describe("address ranges of the clients; anyone else gets 403"),
      signingKeyFiles: z
        .array(value.absolutePath(), value.expected("a list of absolute paths"))
        .exactOptional()
        .meta({
          description:
            "keys to sign with on the fly, each of another name; with none, stored signatures alone are served",
          whenAbsent: "`[<builder.signingKeyFile>]`; without a builder section `[]`",
        }),
      serve: z.enum(["published", "store"], value.expected('"published" or "store"')).exactOptional().meta({
        description: "`published`: closures of what the builder published; `store`: every valid path",
        whenAbsent: "`published`; without a builder section `store`",
      }),
    },
    value.expected("a table"),
  );
