import * as fs from "node:fs";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as git from "isomorphic-git";
import { describe, expect, it } from "vitest";

import { findCommand, installCommand } from "../test/commands.ts";
import {
  commitAll,
  createUpstream,
  environment,
  inspectCheckout,
  inspectUpstream,
  makeOptions,
  makeTempDir,
  runGit,
} from "../test/repository.ts";
import { createSshTransport, syncRepository } from "./index.ts";

/**
 * An ssh that notes down how it is called and runs the command here, by a shell as the remote's login shell does.
 * A real sshd is not on every machine that runs these tests.
 */
const FAKE_SSH = `
[ "$1" != -G ] || exec ${findCommand("ssh")} "$@"
printf '%s\\n' "$@" > "$LOG_DIR/arguments"
env > "$LOG_DIR/environment"
printf 'called\\n' >> "$LOG_DIR/calls"
for command; do :; done
exec /bin/sh -c "$command"`;

function readLog(env: Record<string, string>, name: string): string[] {
  return readFileSync(join(env["LOG_DIR"] ?? "", name), "utf8")
    .trimEnd()
    .split("\n");
}

describe("createSshTransport", () => {
  it("runs ssh so that it asks nothing, and quotes the path for the remote's shell", async () => {
    const upstream = createUpstream();
    const path = join(makeTempDir(), `it's $HOME "here"; exit`);
    fs.renameSync(upstream, path);
    const env = installCommand("ssh", FAKE_SSH);
    const url = `ssh://git@example.org:2222${path.replaceAll('"', "%22")}`;
    const ssh = { keyFile: "/keys/deploy key", knownHostsFile: "/keys/known hosts" };
    const options = { ...makeOptions(url), env, ssh };

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(path));
    expect(readLog(env, "arguments")).toStrictEqual([
      "-T",
      "-oBatchMode=yes",
      "-oNumberOfPasswordPrompts=0",
      "-oConnectTimeout=20",
      "-oServerAliveInterval=15",
      "-oServerAliveCountMax=3",
      "-oClearAllForwardings=yes",
      "-oForwardAgent=no",
      "-oForwardX11=no",
      "-oTunnel=no",
      "-oPermitLocalCommand=no",
      "-oRemoteCommand=none",
      "-oControlMaster=no",
      "-oControlPath=none",
      "-oUpdateHostKeys=no",
      "-oVerifyHostKeyDNS=no",
      "-oLogLevel=INFO",
      "-oIdentitiesOnly=yes",
      '-oIdentityFile="/keys/deploy key"',
      "-oStrictHostKeyChecking=accept-new",
      '-oUserKnownHostsFile="/keys/known hosts"',
      "-oGlobalKnownHostsFile=/dev/null",
      "-p",
      "2222",
      "--",
      "git@example.org",
      `git-upload-pack '${path.replaceAll("'", String.raw`'\''`)}'`,
    ]);
  });

  it("leaves key, host keys and port to ssh's own configuration where none is named", async () => {
    const upstream = createUpstream();
    const env = installCommand("ssh", FAKE_SSH);

    await syncRepository({ ...makeOptions(`example.org:${upstream}`), env });

    expect(readLog(env, "arguments")).toStrictEqual([
      "-T",
      "-oBatchMode=yes",
      "-oNumberOfPasswordPrompts=0",
      "-oConnectTimeout=20",
      "-oServerAliveInterval=15",
      "-oServerAliveCountMax=3",
      "-oClearAllForwardings=yes",
      "-oForwardAgent=no",
      "-oForwardX11=no",
      "-oTunnel=no",
      "-oPermitLocalCommand=no",
      "-oRemoteCommand=none",
      "-oControlMaster=no",
      "-oControlPath=none",
      "-oUpdateHostKeys=no",
      "-oVerifyHostKeyDNS=no",
      "-oLogLevel=INFO",
      "-oStrictHostKeyChecking=accept-new",
      "--",
      "example.org",
      `git-upload-pack '${upstream}'`,
    ]);
  });

  it("keeps GIT_* variables from ssh", async () => {
    const upstream = createUpstream();
    const env = { ...installCommand("ssh", FAKE_SSH), GIT_PROTOCOL: "version=2", GIT_DIR: "/nowhere" };

    await syncRepository({ ...makeOptions(`example.org:${upstream}`), env });

    expect(readLog(env, "environment").filter((line) => line.startsWith("GIT_"))).toStrictEqual([]);
  });

  it("asks and fetches over one connection", async () => {
    const upstream = createUpstream();
    const env = installCommand("ssh", FAKE_SSH);

    await syncRepository({ ...makeOptions(`example.org:${upstream}`), env });

    expect(readLog(env, "calls")).toHaveLength(1);
  });

  it("serves isomorphic-git alone: a clone, tags and all, and a fetch after it", async () => {
    const upstream = createUpstream();
    runGit(upstream, "tag", "--annotate", "--message", "release", "v1");
    const dir = makeTempDir();
    const url = "http://unused.invalid/";
    await using http = createSshTransport({
      url: `example.org:${upstream}`,
      env: installCommand("ssh", FAKE_SSH),
    });

    await git.clone({ fs, http, dir, url });
    const revision = commitAll(upstream);
    await git.fetch({ fs, http, dir, url });

    expect(await git.resolveRef({ fs, dir, ref: "origin/main" })).toBe(revision);
    expect(runGit(dir, "tag")).toBe("v1");
    expect(runGit(dir, "fsck", "--full")).toBe("");
  });

  it("does not push", async () => {
    const dir = createUpstream();
    await using http = createSshTransport({
      url: `example.org:${dir}`,
      env: installCommand("ssh", FAKE_SSH),
    });

    const outcome = git.push({ fs, http, dir, url: "http://unused.invalid/", ref: "main" });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_PROTOCOL" });
  });

  it("refuses an address that is not one of ssh", () => {
    expect(() => createSshTransport({ url: "/srv/git" })).toThrow(
      expect.objectContaining({ code: "ERR_GITSYNC_URL" }),
    );
  });

  // Messages of OpenSSH 9.2 and of forges, as they arrive on stderr.
  it.each([
    ["ERR_GITSYNC_AUTH", "git@example.org: Permission denied (publickey)."],
    ["ERR_GITSYNC_NETWORK", "ssh: Could not resolve hostname nowhere: Name or service not known"],
    ["ERR_GITSYNC_NETWORK", "ssh: connect to host example.org port 22: Connection refused"],
    ["ERR_GITSYNC_NETWORK", "ssh: connect to host example.org port 22: Connection timed out"],
    ["ERR_GITSYNC_NETWORK", "kex_exchange_identification: Connection closed by remote host"],
    ["ERR_GITSYNC_REPOSITORY", "ERROR: Repository not found.\nfatal: Could not read from remote repository."],
    ["ERR_GITSYNC_REPOSITORY", "fatal: 'a' does not appear to be a git repository"],
    ["ERR_GITSYNC_PROTOCOL", "something new"],
  ])("tells %s from %j", async (code, stderr) => {
    const env = { ...installCommand("ssh", `printf '%s\\n' "$SAYS" >&2; exit 255`), SAYS: stderr };

    const outcome = syncRepository({ ...makeOptions("example.org:repo"), env });

    await expect(outcome).rejects.toMatchObject({ code, exitCode: 255, stderr });
  });

  it("names the missing program", async () => {
    const env = { ...environment, PATH: makeTempDir() };

    const outcome = syncRepository({ ...makeOptions("example.org:repo"), env });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_COMMAND" });
    await expect(outcome).rejects.toThrow(/run ssh/);
  });

  it("lets no escape sequence of the remote into the message", async () => {
    const env = installCommand("ssh", String.raw`printf '\033[31mred\007\n' >&2; exit 1`);

    await expect(syncRepository({ ...makeOptions("example.org:repo"), env })).rejects.toThrow(
      /said "\[31mred"/,
    );
  });
});
