import { readFile } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";

import type { CacheServerConfig } from "@nix-cache/config";
import { formatPublicKey, parseSecretKey, toPublicKey } from "@nix-cache/narinfo";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { BuilderMachineConfig } from "../load-config.ts";
import { readPublishedToplevels } from "../published.ts";
import type { CacheFacts } from "./client-config.ts";

/** Collects what clients need from the configuration, its keys and what is published. */
export async function readCacheFacts(config: BuilderMachineConfig): Promise<CacheFacts> {
  const { builder, cacheServer, nix } = config;
  const keyFiles = new Set([builder.signingKeyFile, ...cacheServer.signingKeyFiles]);
  const publicKeys = await Promise.all([...keyFiles].map(readPublicKey));
  return {
    urls: urlsOf(cacheServer),
    publicKeys: [...new Set(publicKeys)],
    storeDir: nix.storeDir,
    toplevels: await readPublishedToplevels({ cacheDir: builder.cacheDir, storeDir: nix.storeDir }),
  };
}

async function readPublicKey(file: string): Promise<string> {
  try {
    return formatPublicKey(toPublicKey(parseSecretKey(await readFile(file, "utf8"))));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`the signing key cannot be used: ${file}: ${reason}`, EXIT.failed, { cause });
  }
}

/** A server on every address is reached by this machine's own ones, its name being what the LAN may know. */
function urlsOf({ host, port }: CacheServerConfig): readonly string[] {
  if (host.startsWith("unix:")) return [];
  if (host !== "::" && host !== "0.0.0.0") return [urlOf(host, port)];
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const lan = addresses.filter(({ family, internal }) => family === "IPv4" && !internal);
  return [...lan.map(({ address }) => urlOf(address, port)), urlOf(hostname(), port)];
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
