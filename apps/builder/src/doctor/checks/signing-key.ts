import { hostname } from "node:os";
import { dirname } from "node:path";

import { NarInfoError } from "@nix-cache/narinfo";

import { type PublicSigningKey, readPublicKey } from "../../keys/read-public-key.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asAdministrator, asBuilder } from "../remedies.ts";
import { inspectSecret, type SecretFile } from "../secret-file.ts";

const report = reportAs("signing-key");

/** Says whether the keys can sign, who can read them, and what clients have to trust. */
export async function checkSigningKey(context: DoctorContext): Promise<readonly Finding[]> {
  const { builder, cacheServer } = context.config;
  const own = { what: "signing key", key: "builder.signingKeyFile", file: builder.signingKeyFile };
  const others = cacheServer.signingKeyFiles.filter((file) => file !== own.file);
  const checked = await Promise.all([
    checkKey(context, own),
    ...others.map((file) =>
      checkKey(context, { what: "signing key", key: "cacheServer.signingKeyFiles", file }),
    ),
  ]);
  const keys = checked.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return [...checked.flatMap(({ findings }) => findings), ...findNamesakes(keys)];
}

interface CheckedKey {
  readonly key?: PublicSigningKey;
  readonly findings: readonly Finding[];
}

async function checkKey(context: DoctorContext, secret: SecretFile): Promise<CheckedKey> {
  const { file } = secret;
  const isOwn = file === context.config.builder.signingKeyFile;
  const state = await inspectSecret(context, report, secret);
  if (state.type === "unreadable") {
    // The server's own keys are no business of the builder.
    return { findings: [isOwn ? state.finding : report.skipped(`${file} is for nix-cache-server to read`)] };
  }
  if (state.type === "missing") {
    const remedy = makeKey(context, file);
    return {
      findings: [report.problem(`there is no signing key ${file}: nothing will be published`, { remedy })],
    };
  }
  try {
    const key = await readPublicKey(isOwn ? context.serviceConfig.builder.signingKeyFile : file);
    const detail = `clients trust it by ${key.publicKey}`;
    return { key, findings: [report.ok(`${file} is the key ${key.name}`, { detail }), ...state.findings] };
  } catch (error) {
    if (!(error instanceof NarInfoError)) throw error;
    const remedy = makeKey(context, file);
    return { findings: [report.problem(`${file} is no signing key`, { detail: error.message, remedy })] };
  }
}

function makeKey(context: DoctorContext, file: string): string {
  if (file.startsWith("/run/")) {
    return `${asAdministrator(context, "ls", "-l", file)}   # a secret manager makes it: see what that one logs`;
  }
  // systemd hands over what is root's.
  const isService = context.loaded.has("signingKeyFile");
  const name = `${hostname()}-1`;
  const secret = `/etc/nix-cache-builder/${name}.secret`;
  return [
    asAdministrator(context, "nix-cache-builder", "keygen", name, "--out", dirname(secret)),
    ...(isService ? [] : [asAdministrator(context, "chown", context.serviceName, secret)]),
    `builder.signingKeyFile = "${secret}"   # in ${context.configFile}`,
    ...(isService ? [asBuilder(context, "install")] : []),
  ].join("\n");
}

/** A client knows keys by their names: of two with one name, it takes the signatures of one for forged. */
function findNamesakes(keys: readonly PublicSigningKey[]): readonly Finding[] {
  const namesakes = keys.filter(({ name, publicKey }, index) =>
    keys.slice(0, index).some((other) => other.name === name && other.publicKey !== publicKey),
  );
  return namesakes.map(({ name }) =>
    report.problem(`two different keys have the name ${name}`, {
      remedy: "give the newer one another name, such as one with a higher number at its end",
    }),
  );
}
