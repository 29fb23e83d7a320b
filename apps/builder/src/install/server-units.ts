import { dirname } from "node:path";

import type { CacheServerConfig } from "@nix-cache/config";

import { composeUnit } from "./compose-unit.ts";
import { formatCredentials } from "./credentials.ts";
import type { Installation } from "./installation.ts";
import { formatCommand, formatValue } from "./systemd-syntax.ts";
import { staticSections, type UnitName, type UnitSection } from "./unit-data.ts";

const SERVICE = "nix-cache-server.service";
const SOCKET = "nix-cache-server.socket";

/** Renders the units of a machine that serves, by name. */
export function renderServerUnits(installation: Installation): ReadonlyMap<UnitName, string> {
  const { cacheServer } = installation.config;
  const { socketActivation } = cacheServer;
  const service = composeUnit(installation, {
    name: SERVICE,
    profile: socketActivation ? "activatedServer" : "server",
    dynamic: {
      Unit: socketActivation ? { Requires: SOCKET, After: [...listAfter(), SOCKET] } : {},
      Service: describeService(installation),
      // A user's manager has no units of other caches to stand in for.
      Install:
        installation.scope === "system" && installation.isNixServeFree ? { Alias: "nix-serve.service" } : {},
    },
  });
  if (!socketActivation) return new Map([[SERVICE, service]]);
  const Socket = {
    ListenStream: formatValue(formatListenStream(cacheServer)),
    IPAddressAllow: cacheServer.allow,
  };
  return new Map([
    [SERVICE, service],
    [SOCKET, composeUnit(installation, { name: SOCKET, dynamic: { Socket } })],
  ]);
}

function listAfter(): readonly string[] {
  return [staticSections(SERVICE)["Unit"]?.["After"] ?? []].flat().map(String);
}

function describeService({ commands, config, configFile }: Installation): UnitSection {
  const { allow, signingKeyFiles, socketActivation } = config.cacheServer;
  const runtimeDirectory = socketActivation ? undefined : runtimeDirectoryOf(config.cacheServer);
  return {
    ExecStart: formatCommand([...commands.server, "--config", configFile]),
    ...(runtimeDirectory === undefined ? {} : { RuntimeDirectory: formatValue(runtimeDirectory) }),
    // With a socket that is handed over, the socket's unit decides who comes in.
    ...(socketActivation ? {} : { IPAddressAllow: allow }),
    ...formatCredentials(signingKeyFiles.map((file, index) => ({ id: `signingKeyFiles.${index}`, file }))),
  };
}

/** What systemd listens on: ListenStream= of systemd.socket(5). A port alone is IPv4 too, or IPv4 alone without IPv6. */
function formatListenStream({ host, port }: CacheServerConfig): string {
  if (host.startsWith("unix:")) return host.slice("unix:".length);
  if (host === "::") return String(port);
  if (host === "localhost") return `127.0.0.1:${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The directory directly below /run that a unix socket is in: systemd makes it, and gives it to the service. */
export function runtimeDirectoryOf({ host }: Pick<CacheServerConfig, "host">): string | undefined {
  const directory = host.startsWith("unix:") ? dirname(host.slice("unix:".length)) : "";
  return /^\/run\/([^/]+)$/.exec(directory)?.[1];
}
