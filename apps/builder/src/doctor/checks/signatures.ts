import { parsePublicKey, verifyNarInfo } from "@nix-cache/narinfo";

import { isSignedWhenServed } from "../../signed-when-served.ts";
import { nameOfGroup } from "../account.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { hasUser, readList, usesDaemon } from "../nix-settings.ts";
import { asBuilder } from "../remedies.ts";
import { tryReadPublicKey } from "../signing-keys.ts";
import { takesSignatures } from "../takes-signatures.ts";

const report = reportAs("signatures");

/** Says whether what is published is signed with the key that clients trust, going by the toplevels. */
export async function checkSignatures(context: DoctorContext): Promise<readonly Finding[]> {
  const { history, signal } = context;
  const generations = history.type === "read" ? history.published.flat() : [];
  const [first, ...more] = [...new Set(generations.map(({ toplevel }) => toplevel))];
  if (first === undefined) return [report.skipped("nothing is published yet")];
  const publicKey = await tryReadPublicKey(context);
  if (publicKey === undefined) return [report.skipped("the signing key cannot be read: see signing-key")];
  const nix = await context.nix();
  const { valid } = await nix.pathInfo({ paths: [first, ...more], signal });
  const keys = [parsePublicKey(publicKey)];
  const unsigned = valid.filter((info) => !verifyNarInfo({ ...info, storePath: info.path }, keys));
  if (unsigned.length === 0)
    return [report.ok(`${valid.length} published toplevels are signed with ${publicKey}`)];
  const paths = unsigned.map(({ path }) => path);
  if (isSignedWhenServed(context.config) && !takesSignatures(nix.version) && (await isUntrusted(context))) {
    const summary = `${paths.length} published toplevels are signed with ${publicKey} when they are served`;
    const detail = "a daemon of Nix older than 2.17 takes no signatures from the builder";
    return [report.ok(summary, { detail })];
  }
  return [reportUnsigned(context, paths, publicKey)];
}

/** Whether Nix works through a daemon that has no reason to trust this user. */
async function isUntrusted({ account, config, settings }: DoctorContext): Promise<boolean> {
  const inForce = await settings();
  const user = { name: account.name, groups: await Promise.all(account.gids.map(nameOfGroup)) };
  return (await usesDaemon(inForce, config.nix)) && !hasUser(readList(inForce, "trusted-users"), user);
}

/** A server that has the key signs anew what it serves; without one, clients refuse what is unsigned. */
function reportUnsigned(context: DoctorContext, unsigned: readonly string[], publicKey: string): Finding {
  const { config, history } = context;
  const generations = history.type === "read" ? history.published.flat() : [];
  const affected = generations.filter(({ toplevel }) => unsigned.includes(toplevel));
  const isServedSigned = isSignedWhenServed(config);
  const make = isServedSigned ? report.warning : report.problem;
  const fate = isServedSigned ? "nix-cache-server signs them when it serves them" : "clients refuse them";
  return make(`${affected.length} of ${generations.length} generations are not signed with ${publicKey}`, {
    detail: `${affected.map(({ host, number }) => `${host} ${number}`).join(", ")}: ${fate}`,
    remedy: asBuilder(context, "sign", "--all"),
  });
}
