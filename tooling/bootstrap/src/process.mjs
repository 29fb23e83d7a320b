import { spawn, spawnSync } from "node:child_process";
import { delimiter } from "node:path";

import { BIN_DIR, ROOT } from "./places.mjs";
import { SetupError } from "./say.mjs";

/** Output of a set-up command that is kept, in bytes. */
const MAX_OUTPUT = 16 * 1024 * 1024;

/** @type {ReadonlyArray<readonly [RegExp, string]>} */
const KNOWN_TROUBLES = [
  [/ENOSPC|No space left on device/, "the disk is full: free at least 2 GB and try again"],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|Temporary failure resolving|Could not resolve|ERR_PNPM_META_FETCH_FAIL|[Cc]onnection refused|dns error|error sending request/,
    "the package registry cannot be reached: connect this machine to the network, or set its proxy or mirror, and try again",
  ],
  [
    /EACCES|EROFS|Permission denied/,
    "a file may not be read or written: run this as the owner of the checkout",
  ],
];

/**
 * Runs a command of the set-up to its end, quietly.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} purpose what it is for, as in `installing pnpm`
 * @returns {string} what it printed
 * @throws {SetupError} with the way out when it fails
 */
export function run(command, args, purpose) {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    env: childEnvironment(),
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error === undefined && status === 0) return stdout;
  const output = error === undefined ? `${stdout}\n${stderr}` : error.message;
  throw new SetupError(`${purpose} failed: ${explain(output)}`);
}

/**
 * Says whether a command runs, and what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {string | undefined} its output; undefined when it is missing or fails
 */
export function tryRun(command, args) {
  const { status, stdout } = spawnSync(command, args, { env: childEnvironment(), encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs the program that all this was for, its output and signals being the user's.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {string} nixBinDir
 * @returns {Promise<number>} its exit code
 */
export function runToEnd(node, args, nixBinDir) {
  const child = spawn(node, args, { cwd: ROOT, env: childEnvironment(nixBinDir), stdio: "inherit" });
  // Ctrl-C reaches the child too, but a signal that was sent to npm alone does not. A second one does no harm.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code === null ? 1 : code));
  });
}

/**
 * The environment of everything that is started from here: our Node, pnpm and tools first, then Nix.
 * @param {string} [nixBinDir]
 * @returns {NodeJS.ProcessEnv}
 */
function childEnvironment(nixBinDir) {
  const path = [BIN_DIR, `${ROOT}/node_modules/.bin`, process.env.PATH || "", nixBinDir || ""];
  return Object.assign({}, process.env, {
    PATH: path.filter((entry) => entry !== "").join(delimiter),
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
  });
}

/** @param {string} output */
function explain(output) {
  const trouble = KNOWN_TROUBLES.find(([pattern]) => pattern.test(output));
  if (trouble !== undefined) return trouble[1];
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-8).join("\n") || "it said nothing";
}
