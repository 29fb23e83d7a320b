import { type CacheFacts, DEFAULT_STORE_DIR } from "./client-config.ts";
import { SAFETY_ATTRIBUTES, SAFETY_CONF } from "./safety-settings.ts";

/** Writes the lines that go into a client's nix.conf, and nothing else. */
export function formatNixConf(facts: CacheFacts): string {
  const { publicKeys, urls } = facts;
  return [
    ...formatComments(facts),
    `extra-substituters = ${urls[0] ?? ""}`,
    `extra-trusted-public-keys = ${publicKeys.join(" ")}`,
    ...SAFETY_CONF,
    "",
  ].join("\n");
}

/** Writes a NixOS module that makes a machine a client, and nothing else. */
export function formatNixosModule(facts: CacheFacts): string {
  const { publicKeys, urls } = facts;
  return [
    ...formatComments(facts),
    "{",
    "  nix.settings = {",
    `    substituters = [ ${formatString(urls[0] ?? "")} ];`,
    `    trusted-public-keys = [ ${publicKeys.map(formatString).join(" ")} ];`,
    ...SAFETY_ATTRIBUTES.map((attribute) => `    ${attribute}`),
    "  };",
    "}",
    "",
  ].join("\n");
}

function formatComments({ notes, storeDir, urls }: CacheFacts): readonly string[] {
  const [, ...others] = urls;
  return [
    ...notes,
    ...(others.length === 0 ? [] : [`the same cache: ${others.join(" ")}`]),
    ...(storeDir === DEFAULT_STORE_DIR ? [] : [`for clients alone whose store is ${storeDir}`]),
  ].map((line) => `# ${line}`);
}

/** Quotes a string of the Nix language. */
function formatString(text: string): string {
  return `"${text.replaceAll(/["\\]|\$(?=\{)/g, String.raw`\$&`)}"`;
}
