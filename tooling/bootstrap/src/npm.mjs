import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";

import { BIN_DIR, TOOLCHAIN_DIR } from "./places.mjs";
import { run } from "./process.mjs";
import { remove } from "./remove.mjs";

/**
 * Installs a package of the npm registry into a directory of the toolchain, unless it is there.
 * Made beside it and renamed, so that an interrupted installation is never taken for a whole one.
 * @param {string} name
 * @param {string} version
 * @param {readonly string[]} flags
 * @returns {string} its node_modules directory
 */
export function installFromRegistry(name, version, flags) {
  const directory = `${TOOLCHAIN_DIR}/${name}-${version}`;
  if (!existsSync(directory)) {
    removeUnfinished(directory);
    const unfinished = `${directory}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    try {
      npm(
        ["install", "--prefix", unfinished, ...flags, `${name}@${version}`],
        `installing ${name} ${version}`,
      );
      renameSync(unfinished, directory);
    } finally {
      remove(unfinished);
    }
  }
  return `${directory}/node_modules`;
}

/**
 * Removes what interrupted installations left.
 * @param {string} directory
 */
function removeUnfinished(directory) {
  const names = existsSync(TOOLCHAIN_DIR) ? readdirSync(TOOLCHAIN_DIR) : [];
  for (const name of names) {
    const path = `${TOOLCHAIN_DIR}/${name}`;
    if (path.startsWith(`${directory}.`) && !isRunning(Number(path.slice(directory.length + 1)))) {
      remove(path);
    }
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Makes a program of the toolchain the one that this checkout uses.
 * @param {string} name
 * @param {string} target
 */
export function linkProgram(name, target) {
  const link = `${BIN_DIR}/${name}`;
  const fresh = `${link}.${process.pid}`;
  mkdirSync(dirname(link), { recursive: true });
  remove(fresh);
  symlinkSync(target, fresh);
  renameSync(fresh, link);
}

/**
 * @param {readonly string[]} args
 * @param {string} purpose
 */
function npm(args, purpose) {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-timeout=60000"];
  const script = process.env.npm_execpath;
  if (script !== undefined && script.endsWith("npm-cli.js")) {
    run(process.execPath, [script, ...args, ...quiet, ...patience], purpose);
  } else {
    run("npm", [...args, ...quiet, ...patience], purpose);
  }
}
