import { dirname } from "node:path";

import type { BuilderConfig } from "@nix-cache/config";
import { SECRET_KEYS, type SecretKey } from "@nix-cache/config/fs";

import { formatCalendar, parseSchedule } from "../schedule/schedule.ts";
import { composeUnit } from "./compose-unit.ts";
import { formatCredentials } from "./credentials.ts";
import type { Installation } from "./installation.ts";
import { formatCommand, formatValue, formatWord } from "./systemd-syntax.ts";
import type { UnitName, UnitSection } from "./unit-data.ts";

/** Each service of the builder: the command that it runs, and the secrets that this needs. */
const SERVICES: ReadonlyMap<UnitName, { readonly command: string; readonly secrets: readonly SecretKey[] }> =
  new Map([
    ["nix-cache-builder.service", { command: "run", secrets: SECRET_KEYS }],
    ["nix-cache-builder-sync.service", { command: "sync", secrets: ["sshKeyFile", "repoTokenFile"] }],
    ["nix-cache-builder-prune.service", { command: "prune", secrets: [] }],
  ]);

/** Renders the units of a machine that builds, by name. */
export function renderBuilderUnits(
  installation: Installation,
  builder: BuilderConfig,
): ReadonlyMap<UnitName, string> {
  const services = [...SERVICES].map(([name, { command, secrets }]) => {
    const Service = {
      ...describeCommand(installation, command),
      ReadWritePaths: writablePaths(builder).map(formatWord),
      ...formatCredentials(secrets.flatMap((id) => listSecret(builder, id))),
    };
    return [name, composeUnit(installation, { name, profile: "builder", dynamic: { Service } })] as const;
  });
  const Timer = { OnCalendar: formatValue(formatCalendar(parseSchedule(builder))) };
  return new Map([
    ...services,
    [
      "nix-cache-builder.timer",
      composeUnit(installation, { name: "nix-cache-builder.timer", dynamic: { Timer } }),
    ],
    ["nix-cache-builder-prune.timer", composeUnit(installation, { name: "nix-cache-builder-prune.timer" })],
  ]);
}

function describeCommand(installation: Installation, command: string): UnitSection {
  const { authoritiesFile, commands, configFile, searchPath } = installation;
  const variables = [
    `PATH=${searchPath.join(":")}`,
    ...(authoritiesFile === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${authoritiesFile}`]),
    // By it ssh starts proxies and jump hosts; the account's own shell is nologin.
    "SHELL=/bin/sh",
  ];
  return {
    ExecStart: formatCommand([...commands.builder, command, "--config", configFile]),
    Environment: variables.map(formatWord),
  };
}

function listSecret(builder: BuilderConfig, id: SecretKey): readonly { id: string; file: string }[] {
  const file = builder[id];
  return file === undefined ? [] : [{ id, file }];
}

/** Nix may lack the directory of GC roots, which keeps nothing from running: other roots stand in for it. */
function writablePaths(builder: BuilderConfig): readonly string[] {
  const { cacheDir, rootsDir, stateDir } = builder;
  return [stateDir, cacheDir, `-${rootsDir}`, ...outsideOfState(builder)];
}

/** The directory of the checkout, where it is not below stateDir: the checkout itself is made, and replaced, there. */
export function outsideOfState({ flakePath, stateDir }: BuilderConfig): readonly string[] {
  return flakePath.startsWith(`${stateDir}/`) ? [] : [dirname(flakePath)];
}
