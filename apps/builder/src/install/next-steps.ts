import { existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { basename, dirname } from "node:path";

import { readFirewall } from "../doctor/read-firewall.ts";
import { formatCalendar, parseSchedule } from "../schedule/schedule.ts";
import { quoteShell } from "../text/quote-shell.ts";
import { formatFirewallRules } from "./firewall-rule.ts";
import type { Installation } from "./installation.ts";
import type { InstallTarget } from "./target.ts";

/** Says what is left to do, and how to see that all is well. */
export async function formatNextSteps(
  { config, configFile, scope }: Installation,
  { root }: InstallTarget,
): Promise<string> {
  const { builder, cacheServer } = config;
  const [sudo, manager] = scope === "user" ? ["", "systemctl --user"] : ["sudo ", "sudo systemctl"];
  const steps: string[] = [];
  if (builder !== undefined && !existsSync(`${root}${builder.signingKeyFile}`)) {
    steps.push(`make the signing key: ${sudo}${formatKeygen(builder.signingKeyFile)}`);
  }
  if (scope === "user") {
    steps.push(
      `let your services run while you are not logged in: loginctl enable-linger ${userInfo().username}`,
    );
  }
  if (root !== "") return formatSteps(steps);
  if (builder !== undefined) {
    const when = formatCalendar(parseSchedule(builder));
    steps.push(`hosts are built at ${when}; now: ${manager} start --no-block nix-cache-builder.service`);
  }
  if (cacheServer.enable && scope === "system") {
    const rules = formatFirewallRules(await readFirewall(), cacheServer);
    if (rules.length > 0) steps.push(["let the LAN through the firewall:", ...rules].join("\n     "));
  }
  if (cacheServer.enable)
    steps.push(`see that the cache is served: ${manager} status nix-cache-server.service`);
  steps.push(`see that nothing is amiss: ${sudo}nix-cache-builder doctor --config ${quoteShell(configFile)}`);
  return formatSteps(steps);
}

function formatKeygen(file: string): string {
  const isNamed = file.endsWith(".secret");
  const name = isNamed ? basename(file, ".secret") : `${hostname()}-1`;
  const note = isNamed ? "" : `   # and move what is secret of it to ${file}`;
  return `nix-cache-builder keygen ${quoteShell(name)} --out ${quoteShell(dirname(file))}${note}`;
}

function formatSteps(steps: readonly string[]): string {
  return steps.length === 0 ? "" : `\n${steps.map((step) => `-> ${step}\n`).join("")}`;
}

/** Says what an uninstallation leaves, and how to remove that. */
export function formatRemains(scope: "system" | "user"): string {
  const lines =
    scope === "user"
      ? [
          "The configuration, what was built, its links and its GC roots stay: remove them",
          "where the configuration names them.",
        ]
      : [
          "The configuration, what was built, its links, its GC roots and the account",
          "stay. To remove them as well, where the configuration names no other places:",
          "  rm -r /etc/nix-cache-builder /var/lib/nix-cache-builder /var/cache/nix-builds",
          "  rm -r /nix/var/nix/gcroots/nix-cache-builder   # then nix-collect-garbage frees their store paths",
          "  userdel nix-cache-builder",
        ];
  return `\n${lines.map((line) => `${line}\n`).join("")}`;
}
