import { createHash } from "node:crypto";

import type { Config } from "@nix-cache/config";

import { VERSION } from "../version.ts";
import { renderBuilderUnits } from "./builder-units.ts";
import type { Installation } from "./installation.ts";
import { sealText } from "./seal-text.ts";
import { renderServerUnits } from "./server-units.ts";
import { formatSysusers, formatTmpfiles } from "./system-files.ts";
import { UNIT_NAMES, type UnitName } from "./unit-data.ts";

/** Where the files of an installation are. */
export interface InstallPlaces {
  readonly unitDir: string;
  /** Absent for a user's, who has an account and directories already. */
  readonly sysusersFile?: string;
  readonly tmpfilesFile?: string;
}

/** A file of an installation, as it is to be on disk. */
export interface InstallFile {
  readonly path: string;
  readonly text: string;
}

/** Renders the units of an installation, by name: what each is for hangs on the sections of the configuration. */
export function renderUnits(installation: Installation): ReadonlyMap<UnitName, string> {
  const { builder, cacheServer } = installation.config;
  return new Map([
    ...(builder === undefined ? [] : renderBuilderUnits(installation, builder)),
    ...(cacheServer.enable ? renderServerUnits(installation) : []),
  ]);
}

/** Renders every file of an installation. */
export function renderFiles(installation: Installation, places: InstallPlaces): readonly InstallFile[] {
  const { config, configFile, hasNixUsers, scope } = installation;
  const { sysusersFile, tmpfilesFile, unitDir } = places;
  const edit = scope === "user" ? "systemctl --user edit" : "systemctl edit";
  const units = [...renderUnits(installation)].map(([name, text]) => ({
    path: `${unitDir}/${name}`,
    text: sealText(text, {
      configFile,
      ownChanges: `${edit} ${name}`,
      ...(name === "nix-cache-server.service" ? { version: describeServer(config) } : {}),
    }),
  }));
  const { builder } = config;
  if (builder === undefined) return units;
  const override = { configFile, ownChanges: "a file of another name beside this one" };
  return [
    ...units,
    ...asFile(sysusersFile, sealText(formatSysusers(builder, hasNixUsers), override)),
    ...asFile(tmpfilesFile, sealText(formatTmpfiles(builder), override)),
  ];
}

/** Every path at which an installation may have left a file. */
export function listInstallPaths({ sysusersFile, tmpfilesFile, unitDir }: InstallPlaces): readonly string[] {
  const others = [sysusersFile, tmpfilesFile].filter((path) => path !== undefined);
  return [...UNIT_NAMES.map((name) => `${unitDir}/${name}`), ...others];
}

/** A server that runs has read what it was started with: it has to start anew after a change of that, or an upgrade. */
function describeServer({ builder, cacheServer, nix }: Config): string {
  const read = { nix, cacheServer, roots: [builder?.rootsDir, builder?.fallbackRootsDir] };
  const digest = createHash("sha256").update(JSON.stringify(read)).digest("hex");
  return `version ${VERSION}, configuration ${digest.slice(0, 16)}`;
}

function asFile(path: string | undefined, text: string): readonly InstallFile[] {
  return path === undefined ? [] : [{ path, text }];
}
