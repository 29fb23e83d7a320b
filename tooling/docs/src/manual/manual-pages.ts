import * as builder from "@nix-cache/builder/manual";
import * as server from "@nix-cache/cache-server/manual";
import type { Command } from "commander";

import type { Page } from "../page.ts";
import { BUILDER_TEXT } from "./builder-text.ts";
import { describeProgram } from "./describe-program.ts";
import { formatManual } from "./format-manual.ts";
import { SERVER_TEXT } from "./server-text.ts";

/** The command line of nix-cache-builder, of which nothing is called. */
export function createBuilder(): Command {
  return builder.createProgram({ signal: new AbortController().signal });
}

/** The command line of nix-cache-server, of which nothing is called. */
export function createServer(): Command {
  return server.createProgram(async () => {});
}

/** Makes the manual of both programs. */
export function makeManualPages(): readonly Page[] {
  return [
    {
      file: "apps/builder/man/nix-cache-builder.8",
      text: formatManual(describeProgram(createBuilder()), BUILDER_TEXT, builder.EXIT),
    },
    {
      file: "apps/cache-server/man/nix-cache-server.8",
      text: formatManual(describeProgram(createServer()), SERVER_TEXT, server.EXIT),
    },
  ];
}
