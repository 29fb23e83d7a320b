import { installFromRegistry, linkProgram } from "./npm.mjs";
import { say, SetupError } from "./say.mjs";

/** The oldest Node with everything the product uses: node:sqlite, zstd, type stripping. */
const OLDEST = [24, 11];
const INSTALLED_VERSION = "24.21.0";

/** npm packages that hold a Node executable, by `process.platform` and `process.arch`. */
const PACKAGED = new Set(["linux-x64", "linux-arm64"]);

/**
 * Finds a Node that is new enough, or installs one into the checkout.
 * @returns {string} its executable
 */
export function prepareNode() {
  const executable = isNewEnough(process.versions.node) ? process.execPath : installNode();
  linkProgram("node", executable);
  return executable;
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function installNode() {
  const platform = `${process.platform}-${process.arch}`;
  const found = `Node ${process.versions.node} is older than ${OLDEST.join(".")}`;
  if (!PACKAGED.has(platform)) {
    throw new SetupError(
      `${found}, and none can be installed here for ${platform}: install Node 24 and try again`,
    );
  }
  say("node", `${found}: using ${INSTALLED_VERSION} in .toolchain`);
  const modules = installFromRegistry(`node-${platform}`, INSTALLED_VERSION, ["--ignore-scripts"]);
  return `${modules}/node-${platform}/bin/node`;
}
