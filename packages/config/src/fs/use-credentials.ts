import { readFile } from "node:fs/promises";

import type { BuilderConfig, Config } from "../config.ts";

/** The keys of the builder section that name files with secrets; a credential has the name of its key. */
export const SECRET_KEYS = ["signingKeyFile", "sshKeyFile", "repoTokenFile", "accessTokensFile"] as const;

/** A key of the builder section that names a file with a secret. */
export type SecretKey = (typeof SECRET_KEYS)[number];

/**
 * Puts the files of a directory of credentials in place of the files that the configuration names: `signingKeyFile`,
 * `sshKeyFile`, `repoTokenFile` and `accessTokensFile` for those of the builder, `signingKeyFiles.0` and so on for
 * the server's keys. One that is missing or blank changes nothing, so that whoever reads the secret says which file
 * the administrator has to look at.
 *
 * @param credentialsDir absolute path; of systemd, what CREDENTIALS_DIRECTORY says
 * @see https://systemd.io/CREDENTIALS
 */
export async function useCredentials<Given extends Config>(
  config: Given,
  credentialsDir: string,
): Promise<Given> {
  const find = (id: string): Promise<string | undefined> => findCredential(`${credentialsDir}/${id}`);
  const { builder, cacheServer } = config;
  const own = await Promise.all(SECRET_KEYS.map(async (key) => [key, await find(key)] as const));
  const credentials: Partial<BuilderConfig> = Object.fromEntries(
    own.filter(([, file]) => file !== undefined),
  );
  const signingKeyFiles = await Promise.all(
    cacheServer.signingKeyFiles.map(async (file, index) => {
      const isOwn = file === builder?.signingKeyFile;
      return (
        (await find(`signingKeyFiles.${index}`)) ?? (isOwn ? credentials.signingKeyFile : undefined) ?? file
      );
    }),
  );
  return {
    ...config,
    ...(builder === undefined ? {} : { builder: { ...builder, ...credentials } }),
    cacheServer: { ...cacheServer, signingKeyFiles },
  };
}

/** For a file that its administrator does not have, a unit gives an empty line: systemd takes nothing shorter. */
async function findCredential(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).trim() === "" ? undefined : file;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}
