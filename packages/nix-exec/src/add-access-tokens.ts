import { type AccessTokens, formatAccessTokens, readAccessTokens, secretsOf } from "./access-tokens.ts";
import type { NixCapabilities } from "./capabilities.ts";
import { showSettings } from "./commands/show-settings.ts";
import { type CallOptions, execute, type ExecuteContext } from "./execute.ts";
import { isRecord } from "./json.ts";

/**
 * Adds the tokens of a file to those of nix.conf and NIX_CONFIG. The file's win, which is why nix.conf's are read
 * first: `extra-access-tokens` leaves the token of a host that has one already as it is (2.8 to 2.35).
 */
export async function addAccessTokens(
  context: ExecuteContext,
  file: string,
  { capabilities, ...call }: CallOptions & { readonly capabilities: NixCapabilities },
): Promise<ExecuteContext> {
  const fromFile = await readAccessTokens(file);
  const settings = await execute(context, showSettings(capabilities), call);
  const tokens = new Map([...readSetting(settings["access-tokens"]), ...fromFile]);
  const line = `access-tokens = ${formatAccessTokens(tokens)}`;
  const config = [context.env["NIX_CONFIG"] ?? "", line].join("\n");
  return { ...context, env: { ...context.env, NIX_CONFIG: config }, secrets: secretsOf(tokens) };
}

function readSetting(value: unknown): AccessTokens {
  const entries = Object.entries(isRecord(value) ? value : {});
  return new Map(entries.map(([host, token]) => [host, String(token)]));
}
