import process from "node:process";

import { fetchNetfilter } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { COMPLETE, evaluateModules, MEMBER_DIR } from "../support/evaluate.ts";

const RANGES = 'lanRanges = [ "192.168.0.0/16" "fd00::/8" ];';

const BACKENDS = [
  ["iptables", "extraCommands", ""],
  ["nftables", "extraInputRules", "networking.nftables.enable = true;"],
] as const;

/** Says who reaches the port before the rules are there, and after. */
async function tryRules(backend: string, rules: string): Promise<readonly string[]> {
  const { ip, nft, xtables, xtablesDir } = await fetchNetfilter();
  const env = { IP: ip, NFT: nft, NODE: process.execPath, XTABLES: xtables, XTABLES_LIBDIR: xtablesDir };
  const script = `${MEMBER_DIR}/test/try-firewall.sh`;
  const isolated = ["--net", "--mount", "--pid", "--fork", "--kill-child", "sh", script, backend];
  const { stdout } = await execa("unshare", isolated, { env, input: rules });
  return stdout.split("\n");
}

// Namespaces and rules of the kernel are root's.
describe.skipIf(process.getuid?.() !== 0)("the rules of the firewall", () => {
  it.each(BACKENDS)("let the LAN in with %s, and nobody else", async (backend, option, machine) => {
    const rules = await evaluateModules<string>(
      [`{ services.nix-cache-builder = { ${COMPLETE} ${RANGES} }; ${machine} }`],
      `it.config.networking.firewall.${option}`,
    );

    const reached = await tryRules(backend, rules);

    expect(reached).toEqual([
      "before client reached reached",
      "before outsider reached reached",
      "after client reached reached",
      "after outsider refused refused",
    ]);
  });

  it.each(BACKENDS)("are what lets the LAN in with %s", async (backend) => {
    const reached = await tryRules(backend, "");

    expect(reached).toContain("after client refused refused");
  });
});
