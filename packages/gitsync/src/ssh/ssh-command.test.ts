import { readFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { environment, makeTempDir } from "../../test/repository.ts";
import {
  createServedUpstream,
  sshEnvironment,
  sshOptions,
  startServer,
  writeSshConfig,
  writeTempFile,
} from "../../test/ssh.ts";
import { prepareSshCommand } from "./ssh-command.ts";
import type { SshOptions } from "./ssh-options.ts";

/** Clones with the system's git, as a program does that knows nothing of this package. */
async function clone(url: string, options: SshOptions, env = environment) {
  const command = await prepareSshCommand({ ...options, pinsFile: join(makeTempDir(), "forges") });
  return execa("git", ["clone", "--quiet", url, join(makeTempDir(), "clone")], {
    env: { ...env, GIT_SSH_COMMAND: command },
    extendEnv: false,
    reject: false,
  });
}

describe("prepareSshCommand", () => {
  it("lets git clone over ssh with a key and a known host", async () => {
    const server = await startServer();
    const url = server.url(createServedUpstream());

    expect(await clone(url, sshOptions(server), sshEnvironment(server))).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
  });

  it("adds a host that nobody has told of to the known hosts", async () => {
    const server = await startServer();
    const knownHostsFile = writeTempFile("");
    const options: SshOptions = { ...sshOptions(server), knownHostsFile, unknownHosts: "accept" };

    const { exitCode } = await clone(server.url(createServedUpstream()), options, sshEnvironment(server));

    expect(exitCode).toBe(0);
    expect(readFileSync(knownHostsFile, "utf8")).toContain(server.hostKey);
  });

  it("refuses such a host when told to", async () => {
    const server = await startServer();
    const options = { ...sshOptions(server), knownHostsFile: writeTempFile("") };

    const { exitCode, stderr } = await clone(
      server.url(createServedUpstream()),
      options,
      sshEnvironment(server),
    );

    expect(exitCode).toBe(128);
    expect(stderr).toContain("Host key verification failed");
  });

  it("refuses a server with another key in the place of a pinned forge", async () => {
    const server = await startServer();
    const upstream = createServedUpstream();
    const configFile = writeSshConfig(server, "HostKeyAlias github.com");
    const { keyFile } = server;
    const options: SshOptions = { keyFile, configFile, knownHostsFile: writeTempFile("") };

    const { exitCode, stderr } = await clone(`forge:${upstream}`, options, sshEnvironment(server));

    expect(exitCode).toBe(128);
    expect(stderr).toContain("Host key verification failed");
  });
});
