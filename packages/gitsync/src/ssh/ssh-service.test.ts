import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { inspectCheckout, inspectUpstream, makeTempDir } from "../../test/repository.ts";
import {
  createServedUpstream,
  makeServedOptions,
  sshEnvironment,
  startServer,
  writeSshConfig,
  writeTempFile,
} from "../../test/ssh.ts";
import { prepareSshCommand, syncRepository } from "../index.ts";

/** What a service whose account may not log in can be given as its shell. */
const NO_SHELL = "/usr/sbin/nologin";

/** Stands in for a jump host: hands on what it gets to the host and port that it is called with. */
const FORWARD = `
const socket = require("node:net").connect(process.argv[3], process.argv[2]);
process.stdin.pipe(socket).pipe(process.stdout);
`;

describe.each(ENGINES)("syncRepository by %s in a service", (engine) => {
  it("gets through a proxy though the account has no shell", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const proxy = `ProxyCommand '${process.execPath}' '${writeTempFile(FORWARD)}' %h %p`;
    const options = makeServedOptions(server, upstream, { configFile: writeSshConfig(server, proxy) });
    const env = { ...options.env, SHELL: NO_SHELL };

    await syncRepository({ ...options, engine, env, url: `forge:${upstream}` });

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("finds a key that the service manager hands over, where the configuration names it", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const configFile = writeSshConfig(server, "IdentityFile ${CREDENTIALS_DIRECTORY}/forge-key");
    const credentials = makeCredentials(server.keyFile);
    const { keyFile: _, ...ssh } = makeServedOptions(server, upstream).ssh;
    const options = { ...makeServedOptions(server, upstream), ssh: { ...ssh, configFile } };
    const env = { ...options.env, CREDENTIALS_DIRECTORY: credentials };

    await syncRepository({ ...options, engine, env, url: `forge:${upstream}` });

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });
});

describe("prepareSshCommand in a service", () => {
  it("lets git find a key that the service manager hands over", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const { knownHostsFile } = server;
    const configFile = writeSshConfig(server, "IdentityFile ${CREDENTIALS_DIRECTORY}/forge-key");
    const pinsFile = join(makeTempDir(), "forges");

    const command = await prepareSshCommand({ configFile, knownHostsFile, pinsFile });
    const env = {
      ...sshEnvironment(server),
      GIT_SSH_COMMAND: command,
      CREDENTIALS_DIRECTORY: makeCredentials(server.keyFile),
    };
    const { stdout } = await execa("git", ["ls-remote", `forge:${upstream}`, "main"], {
      env,
      extendEnv: false,
    });

    expect(stdout).toMatch(/^[0-9a-f]{40}\trefs\/heads\/main$/);
  });
});

/** What systemd makes of LoadCredential=forge-key:… */
function makeCredentials(keyFile: string): string {
  const directory = makeTempDir();
  copyFileSync(keyFile, join(directory, "forge-key"));
  chmodSync(join(directory, "forge-key"), 0o400);
  return directory;
}
