import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { createControlGroup } from "./control-group.ts";
import type { MachineRootOptions } from "./machine-root.ts";
import { bootMachine, type Machine } from "./machine.ts";
import { fetchNspawn } from "./nspawn.ts";

const HOLD_SCRIPT = `${import.meta.dirname}/hold-network.sh`;
const SET_UP_SCRIPT = `${import.meta.dirname}/set-up-network.sh`;

/** Networks of machines, and a router between them; all machines go with it when it is disposed of. */
export interface Network extends AsyncDisposable {
  /** Starts a machine, and waits until it is up. */
  readonly boot: (options: MachineRootOptions) => Promise<Machine>;
}

/**
 * Makes networks whose machines reach each other and nothing else. Root may; nothing is left behind, even when this
 * process is killed.
 *
 * @param routers the router's address on each; a network has 254 addresses
 */
export async function createNetwork(routers: readonly string[]): Promise<Network> {
  const { ip, nspawn } = await fetchNspawn();
  const directory = await realpath(await mkdtemp(`${tmpdir()}/network-`));
  const controlGroup = await createControlGroup();
  const setUp = ["sh", SET_UP_SCRIPT, directory, ip, ...routers];
  const holder = spawn("sh", [HOLD_SCRIPT, directory, controlGroup, ...setUp], {
    // Ctrl-C is for the test, whose end is the end of this.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = Promise.all([once(holder, "exit"), text(holder.stderr)]);
  const [pid = ""] = await Promise.race([
    once(createInterface({ input: holder.stdout }), "line"),
    ended.then(([, stderr]) => {
      throw new Error(`expected a network, got: ${stderr}`);
    }),
  ]);
  return {
    boot: (options) => bootMachine({ nspawn, directory, controlGroup, pid, routers }, options),
    [Symbol.asyncDispose]: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}
