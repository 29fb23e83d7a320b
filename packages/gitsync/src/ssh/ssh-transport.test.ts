import * as fs from "node:fs";
import { chmodSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";

import type { SshServer } from "@nix-cache/tooling-parts";
import * as git from "isomorphic-git";
import { describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { commitAll, inspectCheckout, inspectUpstream, makeTempDir, runGit } from "../../test/repository.ts";
import {
  createServedUpstream,
  makeServedOptions,
  sshEnvironment,
  sshOptions,
  startServer,
  writeSshConfig,
  writeTempFile,
} from "../../test/ssh.ts";
import { createSshTransport, GitSyncError, syncRepository } from "../index.ts";
import type { GitTransport } from "../index.ts";

/** isomorphic-git wants an address of http beside the plugin, and does not go there. */
const url = "http://unused.invalid/";

function createTransport(server: SshServer, upstream: string): GitTransport {
  return createSshTransport({
    url: server.url(upstream),
    env: sshEnvironment(server),
    ...sshOptions(server),
  });
}

describe("createSshTransport", () => {
  it("serves isomorphic-git alone: a clone, tags and all, and a fetch after it", async () => {
    const upstream = createServedUpstream();
    runGit(upstream, "tag", "--annotate", "--message", "release", "v1");
    const dir = makeTempDir();
    await using http = createTransport(await startServer(), upstream);

    await git.clone({ fs, http, dir, url });
    const revision = commitAll(upstream);
    await git.fetch({ fs, http, dir, url });

    expect(await git.resolveRef({ fs, dir, ref: "origin/main" })).toBe(revision);
    expect(runGit(dir, "tag")).toBe("v1");
    expect(runGit(dir, "fsck", "--full")).toBe("");
  });

  it("does not push", async () => {
    const dir = createServedUpstream();
    await using http = createTransport(await startServer(), dir);

    const outcome = git.push({ fs, http, dir, url, ref: "main" });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_PROTOCOL" });
  });

  it("refuses an address that is not one of ssh", () => {
    expect(() => createSshTransport({ url: "/srv/git" })).toThrow(
      expect.objectContaining({ code: "ERR_GITSYNC_URL" }),
    );
  });
});

describe.each(ENGINES)("syncRepository by %s over a real ssh", (engine) => {
  it("clones, follows and finds nothing new, by an address with a port", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const options = { ...makeServedOptions(server, upstream), engine };

    const first = await syncRepository(options);
    commitAll(upstream);
    const second = await syncRepository(options);
    const third = await syncRepository(options);

    expect([first.updated, second.updated, third.updated]).toStrictEqual([true, true, false]);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("takes the scp form, whose port a configuration gives", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const ssh = { configFile: writeSshConfig(server) };
    const options = makeServedOptions(server, upstream, ssh);

    await syncRepository({ ...options, engine, url: `forge:${upstream}` });

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("quotes a path for the remote's shell", async () => {
    const server = await startServer();
    const parent = makeTempDir();
    chmodSync(parent, 0o755);
    const upstream = join(parent, `it's $HOME "here"; exit`);
    renameSync(createServedUpstream(), upstream);
    const options = { ...makeServedOptions(server, upstream), engine };

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("is not disturbed by a banner, nor by noise on stderr", async () => {
    const upstream = createServedUpstream();
    const command = 'echo noise >&2; exec git-shell -c "$SSH_ORIGINAL_COMMAND"';
    const server = await startServer({ banner: "Authorized use only\n", command });
    const options = { ...makeServedOptions(server, upstream), engine };

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("learns the key of an unknown host, and holds it to that", async () => {
    const server = await startServer();
    const knownHostsFile = writeTempFile("");
    const ssh = { knownHostsFile, unknownHosts: "accept" } as const;

    await syncRepository({ ...makeServedOptions(server, createServedUpstream(), ssh), engine });

    expect(readFileSync(knownHostsFile, "utf8")).toBe(readFileSync(server.knownHostsFile, "utf8"));
  });

  it("trusts a pinned forge's new key once the caller's file has it", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const options = makeServedOptions(server, upstream, {
      configFile: writeSshConfig(server, "HostKeyAlias github.com"),
      knownHostsFile: writeTempFile(`github.com ${server.hostKey}\n`),
    });

    await syncRepository({ ...options, engine, url: `forge:${upstream}` });

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("asks for no passphrase by a program with a window", async () => {
    const server = await startServer();
    const ssh = { keyFile: server.encryptedKeyFile };
    const options = makeServedOptions(server, createServedUpstream(), ssh);
    const mark = join(makeTempDir(), "asked");
    const askpass = writeTempFile(`#!/bin/sh\ntouch ${mark}\n`, 0o700);
    const env = { ...options.env, DISPLAY: ":0", SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: "force" };

    await expect(syncRepository({ ...options, engine, env })).rejects.toThrow(GitSyncError);

    expect(fs.existsSync(mark)).toBe(false);
  });

  it("lets no escape sequence of the remote into the message", async () => {
    const server = await startServer({ command: String.raw`printf '\033[31mred\007\n' >&2; exit 1` });

    const outcome = syncRepository({ ...makeServedOptions(server, createServedUpstream()), engine });

    await expect(outcome).rejects.toThrow(/^[^\p{Cc}]*$/u);
  });
});

describe("syncRepository by isomorphic over a real ssh", () => {
  it("takes one connection to clone, to fetch, and to find nothing new", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const options = makeServedOptions(server, upstream);

    await syncRepository(options);
    commitAll(upstream);
    await syncRepository(options);
    await syncRepository(options);

    expect(server.sentBytes).toHaveLength(3);
  });
});
