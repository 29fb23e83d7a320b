import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

import { installFromRegistry, linkProgram } from "./npm.mjs";
import { BIN_DIR, ROOT } from "./places.mjs";
import { run } from "./process.mjs";
import { remove } from "./remove.mjs";
import { say } from "./say.mjs";

const PNPM_VERSION = "12.21.0";

/** The lockfile that node_modules was last installed from, whole. */
const STAMP = `${ROOT}/node_modules/.installed-lock.yaml`;

/** Installs pnpm into the checkout, unless it is there. */
export function preparePnpm() {
  const modules = installFromRegistry("pnpm", PNPM_VERSION, []);
  linkProgram("pnpm", findExecutable(modules));
}

/** Installs what pnpm-lock.yaml lists, unless that has been done. */
export function installDependencies() {
  const lock = readFileSync(`${ROOT}/pnpm-lock.yaml`, "utf8");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return;
  say("pnpm", "installing the dependencies of pnpm-lock.yaml");
  remove(STAMP);
  const registry = process.env.npm_config_registry;
  run(
    `${BIN_DIR}/pnpm`,
    [
      "install",
      "--frozen-lockfile",
      // The lockfile is this repository's own and has a hash for each package: no need to ask about each of them.
      "--trust-lockfile",
      "--config.confirmModulesPurge=false",
      "--config.fetchRetries=1",
      "--config.fetchRetryMintimeout=1000",
      ...(registry === undefined ? [] : [`--registry=${registry}`]),
    ],
    "installing the dependencies",
  );
  writeFileSync(STAMP, lock);
}

/**
 * The native executable where npm fetched one: with scripts off, `pnpm` itself stays a shell stub that turbo
 * cannot execute.
 * @param {string} modules
 */
function findExecutable(modules) {
  const scope = `${modules}/@pnpm`;
  const native = existsSync(scope) ? readdirSync(scope).find((name) => name.startsWith("exe.")) : undefined;
  return native === undefined ? `${modules}/.bin/pnpm` : `${scope}/${native}/pnpm`;
}
