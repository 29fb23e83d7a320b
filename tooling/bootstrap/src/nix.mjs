import { existsSync } from "node:fs";
import { dirname } from "node:path";

import { run, tryRun } from "./process.mjs";
import { say, SetupError } from "./say.mjs";

/** Where Nix is when no login shell has put it on PATH: nix-installer and NixOS. */
const USUAL_DIRS = ["/nix/var/nix/profiles/default/bin", "/run/current-system/sw/bin"];

const DEBIAN_INSTALL = ["apt-get", "install", "--yes", "--no-install-recommends", "nix-bin"];

/**
 * Finds Nix, or installs Debian's package where that can be done.
 * @returns {string} the directory of its executables
 */
export function prepareNix() {
  const found = findNix();
  if (found !== undefined) return found;
  installNix();
  const installed = findNix();
  if (installed === undefined) throw new SetupError("nix-bin is installed, but nix is not on PATH");
  return installed;
}

function findNix() {
  const onPath = tryRun("/bin/sh", ["-c", "command -v nix && command -v nix-store"]);
  if (onPath !== undefined) return dirname(onPath.split("\n")[0] || "");
  return USUAL_DIRS.find((directory) => existsSync(`${directory}/nix-store`));
}

function installNix() {
  if (tryRun("/bin/sh", ["-c", "command -v apt-get"]) === undefined) {
    throw new SetupError(
      "Nix is missing: install it with `curl -L https://nixos.org/nix/install | sh -s -- --daemon` and try again",
    );
  }
  const prefix = findPrivilege();
  say("nix", `not found: installing Debian's package with \`${[...prefix, ...DEBIAN_INSTALL].join(" ")}\``);
  if (!/Candidate: [0-9]/.test(tryRun("apt-cache", ["policy", "nix-bin"]) || "")) {
    runAs(prefix, ["apt-get", "update"], "reading the package lists");
  }
  runAs(prefix, DEBIAN_INSTALL, "installing nix-bin");
}

/** @returns {readonly string[]} what a command must be put behind to run as root */
function findPrivilege() {
  if (process.getuid !== undefined && process.getuid() === 0) return [];
  if (tryRun("sudo", ["-n", "true"]) !== undefined) return ["sudo", "-n"];
  throw new SetupError(
    `Nix is missing and this user may not install it: run \`sudo ${DEBIAN_INSTALL.join(" ")}\` as an administrator and try again`,
  );
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} argv
 * @param {string} purpose
 */
function runAs(prefix, argv, purpose) {
  const [command = "", ...args] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", ...argv];
  run(command, args, purpose);
}
