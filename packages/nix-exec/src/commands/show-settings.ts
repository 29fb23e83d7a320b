import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand } from "../command.ts";
import { expectRecord } from "../json.ts";

/** Reads the settings that are in force, by name; a secret such as access-tokens is among them. */
export function showSettings(capabilities: NixCapabilities): NixCommand<Readonly<Record<string, unknown>>> {
  const words = capabilities.configShow ? ["config", "show"] : ["show-config"];
  return {
    program: "nix",
    name: ["nix", ...words].join(" "),
    argv: nixArgv(...words, "--json"),
    failureCode: "ERR_NIX_FAILED",
    isSecret: true,
    parse: ({ stdout }) => {
      const settings = Object.entries(expectRecord(JSON.parse(stdout), "the settings"));
      return Object.fromEntries(settings.map(([name, entry]) => [name, expectRecord(entry, name)["value"]]));
    },
  };
}
