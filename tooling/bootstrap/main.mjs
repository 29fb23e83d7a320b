// What `npm start` and `npm test` call first. Runs on whatever Node the machine has, from 12.20 on, with
// nothing installed: no dependency, no syntax younger than that.
import { installDependencies, preparePnpm } from "./src/dependencies.mjs";
import { prepareNix } from "./src/nix.mjs";
import { prepareNode } from "./src/node.mjs";
import { runToEnd } from "./src/process.mjs";
import { fail, SetupError } from "./src/say.mjs";

/** @type {Record<string, readonly string[]>} */
const PROGRAMS = {
  start: ["tooling/demo/src/main.ts"],
  test: ["tooling/vitest/src/run-tests.ts"],
  "test:full": ["tooling/vitest/src/run-tests.ts", "--full"],
};

async function main() {
  const [command = "", ...args] = process.argv.slice(2);
  const program = PROGRAMS[command];
  if (program === undefined) {
    throw new SetupError(`expected ${Object.keys(PROGRAMS).join(", ")}, found "${command}"`);
  }
  const nixBinDir = prepareNix();
  const node = prepareNode();
  preparePnpm();
  installDependencies();
  process.exitCode = await runToEnd(node, ["--conditions=@nix-cache/source", ...program, ...args], nixBinDir);
}

main().catch((error) => {
  if (!(error instanceof SetupError)) throw error;
  fail(error.message);
});
