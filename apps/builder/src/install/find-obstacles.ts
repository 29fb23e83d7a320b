import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";

import type { BuilderConfig, CacheServerConfig, Config, ConfigProblem } from "@nix-cache/config";

import { runtimeDirectoryOf } from "./server-units.ts";

/** Ports below are root's: ip_unprivileged_port_start of ip-sysctl(7). */
const FIRST_UNPRIVILEGED_PORT = 1024;

/** Finds what is right in a configuration, but not of services. */
export function findObstacles(config: Config, scope: "system" | "user"): readonly ConfigProblem[] {
  const { builder, cacheServer } = config;
  const places = builder === undefined ? [] : scope === "user" ? findForeign(builder) : findHidden(builder);
  const nothing =
    builder === undefined && !cacheServer.enable
      ? [
          {
            key: "",
            message: "expected a builder section or cacheServer.enable = true: nothing is to be installed",
          },
        ]
      : [];
  return [...nothing, ...places, ...(cacheServer.enable ? findUnreachable(cacheServer, scope) : [])];
}

function findUnreachable(
  { host, port, socketActivation }: CacheServerConfig,
  scope: "system" | "user",
): readonly ConfigProblem[] {
  if (host.startsWith("unix:")) {
    if (scope === "user" || socketActivation || runtimeDirectoryOf({ host }) !== undefined) return [];
    const message =
      "expected a socket such as unix:/run/nix-cache/socket, in a directory that systemd makes, or socketActivation = true";
    return [{ key: "cacheServer.host", message }];
  }
  if (port === 0) {
    return [
      { key: "cacheServer.port", message: "expected a port that stays the same, found 0: clients name it" },
    ];
  }
  if (port >= FIRST_UNPRIVILEGED_PORT || (scope === "system" && socketActivation)) return [];
  const remedy = scope === "system" ? ", or socketActivation = true: the server is not root" : "";
  return [{ key: "cacheServer.port", message: `expected 1024 or more, found ${port}${remedy}` }];
}

/** PrivateTmp= hides what others have there. */
function findHidden(builder: BuilderConfig): readonly ConfigProblem[] {
  const { cacheDir, flakePath, flakeRepo, rootsDir, stateDir } = builder;
  const places = { stateDir, cacheDir, flakePath, rootsDir, flakeRepo: flakeRepo.replace(/^file:\/\//, "") };
  return Object.entries(places).flatMap(([key, path]) => {
    if (!/^\/(?:var\/)?tmp\//.test(path)) return [];
    return [
      {
        key: `builder.${key}`,
        message: `expected another place, found ${path}: services have a /tmp of their own`,
      },
    ];
  });
}

/** GC roots are not among them: others stand in for those that cannot be made. */
function findForeign({ cacheDir, flakePath, stateDir }: BuilderConfig): readonly ConfigProblem[] {
  const places = { stateDir, cacheDir, flakePath: dirname(flakePath) };
  return Object.entries(places).flatMap(([key, path]) => {
    if (isWritable(path)) return [];
    return [{ key: `builder.${key}`, message: `expected a place that you may write to, found ${path}` }];
  });
}

/** Whether this user may write to a directory, or make it. */
function isWritable(path: string): boolean {
  if (!existsSync(path)) return isWritable(dirname(path));
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // Whatever the reason, the answer is no.
    return false;
  }
}
