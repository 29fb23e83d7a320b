import type { FastifyPluginAsync } from "fastify";

import type { SigningKey } from "../signer.ts";

/** What a visitor needs to become a client. */
export interface IndexPageOptions {
  readonly storeDir: string;
  readonly keys: readonly SigningKey[];
}

/** What a Host header may hold: a name or an address, and a port. */
const HOST = /^[A-Za-z0-9.:[\]_-]{1,255}$/;

/** A client gives up a cache that is off, and builds what it lacks: Nix by itself makes five attempts. */
const SAFETY = ["connect-timeout = 5", "download-attempts = 2", "fallback = true"];

/** `GET /`: how to use this cache, as text. */
export const indexPage: FastifyPluginAsync<IndexPageOptions> = async (app, { storeDir, keys }) => {
  const publicKeys = keys.map((key) => key.publicKey);
  app.get("/", async (request, reply) => {
    const host = HOST.test(request.host) ? request.host : "this-cache";
    const text = formatIndexPage({ url: `http://${host}`, storeDir, publicKeys });
    return reply.type("text/plain; charset=utf-8").send(text);
  });
};

interface IndexPage {
  readonly url: string;
  readonly storeDir: string;
  readonly publicKeys: readonly string[];
}

function formatIndexPage({ url, storeDir, publicKeys }: IndexPage): string {
  const lines = [
    "Nix binary cache",
    "",
    `Store directory: ${storeDir}`,
    `Public keys:     ${publicKeys.join("\n                 ") || "none; the paths have their builders' signatures"}`,
    "",
    "nix.conf:",
    "",
    `  extra-substituters = ${url}`,
    ...ifAny(publicKeys, `  extra-trusted-public-keys = ${publicKeys.join(" ")}`),
    ...SAFETY.map((setting) => `  ${setting}`),
    "",
    "NixOS:",
    "",
    "  nix.settings = {",
    `    substituters = [ "${url}" ];`,
    ...ifAny(publicKeys, `    trusted-public-keys = [ ${publicKeys.map((key) => `"${key}"`).join(" ")} ];`),
    ...SAFETY.map((setting) => `    ${setting};`),
    "  };",
  ];
  return `${lines.join("\n")}\n`;
}

function ifAny(values: readonly string[], line: string): string[] {
  return values.length > 0 ? [line] : [];
}
