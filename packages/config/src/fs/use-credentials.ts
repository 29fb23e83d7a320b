import { readFile } from "node:fs/promises";

import type { BuilderConfig, Config } from "../config.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";

/** The keys of the builder section that name files with secrets; a credential has the name of its key. */
export const SECRET_KEYS = ["signingKeyFile", "sshKeyFile", "repoTokenFile", "accessTokensFile"] as const;

/** A key of the builder section that names a file with a secret. */
export type SecretKey = (typeof SECRET_KEYS)[number];

/**
 * Puts the files of a directory of credentials in place of the files that the configuration names: `signingKeyFile`,
 * `sshKeyFile`, `repoTokenFile` and `accessTokensFile` for those of the builder, `signingKeyFiles.0` and so on for
 * the server's keys. One that is missing or blank changes nothing, so that whoever reads the secret says which file
 * the administrator has to look at. Beside a credential, one of its name and `.path` may say which file it is of.
 *
 * @param credentialsDir absolute path; of systemd, what CREDENTIALS_DIRECTORY says
 * @throws {@link ConfigError} ERR_CONFIG_CREDENTIALS when one is of another file than the configuration names
 * @see https://systemd.io/CREDENTIALS
 */
export async function useCredentials<Given extends Config>(
  config: Given,
  credentialsDir: string,
): Promise<Given> {
  const { builder, cacheServer } = config;
  const wanted: readonly Wanted[] = [
    ...SECRET_KEYS.map((id) => ({ id, key: `builder.${id}`, file: builder?.[id] })),
    ...cacheServer.signingKeyFiles.map((file, index) => ({
      id: `signingKeyFiles.${index}`,
      key: `cacheServer.signingKeyFiles[${index}]`,
      file,
    })),
  ];
  await refuseOthers(wanted, credentialsDir);
  const found = new Map(
    await Promise.all(
      wanted.map(async ({ id }) => [id, await findCredential(`${credentialsDir}/${id}`)] as const),
    ),
  );
  const credentials: Partial<BuilderConfig> = Object.fromEntries(
    SECRET_KEYS.map((key) => [key, found.get(key)] as const).filter(([, file]) => file !== undefined),
  );
  const signingKeyFiles = cacheServer.signingKeyFiles.map((file, index) => {
    const isOwn = file === builder?.signingKeyFile;
    return found.get(`signingKeyFiles.${index}`) ?? (isOwn ? credentials.signingKeyFile : undefined) ?? file;
  });
  return {
    ...config,
    ...(builder === undefined ? {} : { builder: { ...builder, ...credentials } }),
    cacheServer: { ...cacheServer, signingKeyFiles },
  };
}

/** A file that the configuration names, or may name, and the credential that may stand in for it. */
interface Wanted {
  readonly id: string;
  readonly key: string;
  readonly file: string | undefined;
}

/** A unit that is older than the configuration hands over the secrets of the files that it was made for. */
async function refuseOthers(wanted: readonly Wanted[], credentialsDir: string): Promise<void> {
  const problems = await Promise.all(
    wanted.map(async ({ file, id, key }): Promise<readonly ConfigProblem[]> => {
      const origin = await readIfPresent(`${credentialsDir}/${id}.path`);
      if (origin === undefined || origin === file) return [];
      const remedy = "run nix-cache-builder install (or rebuild the system) to bring the unit up to date";
      return [
        { key, message: `expected ${file ?? "no file"}, but the service was handed ${origin}: ${remedy}` },
      ];
    }),
  );
  if (problems.flat().length > 0) throw new ConfigError("ERR_CONFIG_CREDENTIALS", problems.flat());
}

/** For a file that its administrator does not have, a unit gives an empty line: systemd takes nothing shorter. */
async function findCredential(file: string): Promise<string | undefined> {
  return ((await readIfPresent(file)) ?? "").trim() === "" ? undefined : file;
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}
