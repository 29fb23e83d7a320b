import { type ConfigKey, describeConfig } from "@nix-cache/config";

import { formatTable } from "../format-table.ts";

/** Writes the table of one section's keys. */
export function formatConfigKeys(section: string): string {
  const prefix = `${section}.`;
  const keys = describeConfig().filter(({ key }) => key.startsWith(prefix));
  return formatTable(
    ["key", "takes", "default", "meaning"],
    keys.map((entry) => [
      `\`${entry.key.slice(prefix.length)}\``,
      entry.type,
      formatDefault(entry),
      entry.description,
    ]),
  );
}

function formatDefault(key: ConfigKey): string {
  if (key.whenAbsent !== undefined) return key.whenAbsent;
  return "default" in key ? `\`${JSON.stringify(key.default)}\`` : "required";
}
