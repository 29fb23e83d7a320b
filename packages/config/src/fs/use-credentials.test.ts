import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { parseConfig } from "../parse.ts";
import { readConfig } from "./read-config.ts";
import { useCredentials } from "./use-credentials.ts";

const CONFIG = parseConfig(
  JSON.stringify({
    builder: { flakeRepo: "/srv/flake", hosts: ["nz"], signingKeyFile: "/keys/new", sshKeyFile: "/keys/ssh" },
    cacheServer: { signingKeyFiles: ["/keys/new", "/keys/old"] },
  }),
  { format: "json" },
);

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(`${tmpdir()}/credentials-`);
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("useCredentials", () => {
  it("puts each credential in place of the file that the key of its name says", async () => {
    const names = ["signingKeyFile", "sshKeyFile", "repoTokenFile", "accessTokensFile", "signingKeyFiles.1"];
    await Promise.all(names.map((name) => writeFile(`${directory}/${name}`, "secret")));

    const { builder, cacheServer } = await useCredentials(CONFIG, directory);

    expect(builder).toMatchObject({
      signingKeyFile: `${directory}/signingKeyFile`,
      sshKeyFile: `${directory}/sshKeyFile`,
      repoTokenFile: `${directory}/repoTokenFile`,
      accessTokensFile: `${directory}/accessTokensFile`,
    });
    expect(cacheServer.signingKeyFiles[1]).toBe(`${directory}/signingKeyFiles.1`);
  });

  it("takes the builder's key for the server's own where both are the same file", async () => {
    await writeFile(`${directory}/signingKeyFile`, "secret");

    const { builder, cacheServer } = await useCredentials(CONFIG, directory);

    expect(cacheServer.signingKeyFiles).toEqual([builder?.signingKeyFile, "/keys/old"]);
  });

  it("leaves the configured file, which a message can name, where the credential is blank or missing", async () => {
    await writeFile(`${directory}/signingKeyFile`, "");
    await writeFile(`${directory}/sshKeyFile`, "\n");

    expect(await useCredentials(CONFIG, directory)).toEqual(CONFIG);
  });

  it("takes a credential that says to be of the file that is configured", async () => {
    await writeFile(`${directory}/sshKeyFile`, "secret");
    await writeFile(`${directory}/sshKeyFile.path`, "/keys/ssh");

    expect((await useCredentials(CONFIG, directory)).builder?.sshKeyFile).toBe(`${directory}/sshKeyFile`);
  });

  it("refuses the credentials of other files, each with both files and the remedy", async () => {
    const paths = {
      signingKeyFile: "/keys/old",
      "signingKeyFiles.1": "/keys/new",
      repoTokenFile: "/keys/token",
    };
    await Promise.all(Object.entries(paths).map(([id, path]) => writeFile(`${directory}/${id}.path`, path)));

    const remedy = "run nix-cache-builder install (or rebuild the system) to bring the unit up to date";
    await expect(useCredentials(CONFIG, directory)).rejects.toMatchObject({
      code: "ERR_CONFIG_CREDENTIALS",
      problems: [
        {
          key: "builder.signingKeyFile",
          message: `expected /keys/new, but the service was handed /keys/old: ${remedy}`,
        },
        {
          key: "builder.repoTokenFile",
          message: `expected no file, but the service was handed /keys/token: ${remedy}`,
        },
        {
          key: "cacheServer.signingKeyFiles[1]",
          message: `expected /keys/old, but the service was handed /keys/new: ${remedy}`,
        },
      ],
    });
  });

  it("says that it cannot look", async () => {
    await expect(useCredentials(CONFIG, `${directory}/${"x".repeat(256)}`)).rejects.toThrow("ENAMETOOLONG");
  });
});

describe("readConfig", () => {
  it("uses the credentials of the directory that it is given", async () => {
    await writeFile(
      `${directory}/config.json`,
      JSON.stringify({ cacheServer: { signingKeyFiles: ["/key"] } }),
    );
    await writeFile(`${directory}/signingKeyFiles.0`, "secret");

    const { cacheServer } = await readConfig(`${directory}/config.json`, { credentialsDir: directory });

    expect(cacheServer.signingKeyFiles).toEqual([`${directory}/signingKeyFiles.0`]);
  });

  it("names itself in what is wrong with them", async () => {
    const file = `${directory}/config.json`;
    await writeFile(file, JSON.stringify({ cacheServer: { signingKeyFiles: ["/key"] } }));
    await writeFile(`${directory}/signingKeyFiles.0.path`, "/other");

    await expect(readConfig(file, { credentialsDir: directory })).rejects.toThrow(
      `${file} cannot be used:\n  cacheServer.signingKeyFiles[0]: expected /key, but the service was handed /other`,
    );
  });
});
