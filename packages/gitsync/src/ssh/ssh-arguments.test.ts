import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { promisify } from "node:util";

import type { SshServer } from "@nix-cache/tooling-parts";
import { describe, expect, it, onTestFinished } from "vitest";

import { environment, runGit } from "../../test/repository.ts";
import {
  createServedUpstream,
  sshEnvironment,
  sshOptions,
  startServer,
  writeSshConfig,
  writeTempFile,
} from "../../test/ssh.ts";
import { formatPinnedHostKeys } from "./known-hosts.ts";
import { formatSshCommand, formatSshDestination, openSsh } from "./ssh-arguments.ts";
import type { OpenSsh, SshRemote } from "./ssh-arguments.ts";
import type { SshOptions } from "./ssh-options.ts";

const NO_CONFIG = { env: environment, configFile: "none" } as const;

async function open(host: string, options: SshOptions & { env?: typeof environment }): Promise<OpenSsh> {
  const remote: SshRemote = { type: "ssh", host, path: "repository" };
  const ssh = await openSsh(remote, { ...NO_CONFIG, ...options }, new AbortController().signal);
  onTestFinished(() => ssh.close());
  return ssh;
}

/** The last words of ssh's options, those about the host's key. */
function hostKeyOptions({ args }: OpenSsh): readonly string[] {
  return args.filter((arg) => /StrictHostKeyChecking|KnownHostsFile/.test(arg));
}

/** Path of the file with a pinned host's keys. */
function pinFile({ args }: OpenSsh): string {
  return /^-oUserKnownHostsFile=.*"([^"]*)"$/m.exec(args.join("\n"))?.[1] ?? "";
}

describe("openSsh", () => {
  it("lets ssh ask nothing, forward nothing and share nothing", async () => {
    const { args } = await open("example.org", {});

    expect(args).toStrictEqual([
      "-T",
      "-F",
      "none",
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
    ]);
  });

  it("names key and known hosts so that ssh takes the paths as they are", async () => {
    const { args } = await open("example.org", {
      keyFile: "/keys/100% deploy",
      knownHostsFile: "/keys/known hosts",
      unknownHosts: "refuse",
    });

    expect(args.slice(-5)).toStrictEqual([
      "-oIdentitiesOnly=yes",
      '-oIdentityFile="/keys/100%% deploy"',
      "-oStrictHostKeyChecking=yes",
      '-oUserKnownHostsFile="/keys/known hosts"',
      "-oGlobalKnownHostsFile=/dev/null",
    ]);
  });

  it("keeps the user's configuration unless told otherwise", async () => {
    const server = await startServer();
    const remote: SshRemote = { type: "ssh", host: "example.org", path: "repository" };

    const { args } = await openSsh(remote, { env: sshEnvironment(server) }, new AbortController().signal);

    expect(args).not.toContain("-F");
  });

  it("trusts a pinned forge by its published keys alone, and removes their file", async () => {
    const ssh = await open("GitHub.com", { knownHostsFile: "/keys/known_hosts" });
    const file = pinFile(ssh);

    expect(hostKeyOptions(ssh)).toStrictEqual([
      "-oStrictHostKeyChecking=yes",
      `-oUserKnownHostsFile="/keys/known_hosts" "${file}"`,
      "-oGlobalKnownHostsFile=/dev/null",
    ]);
    expect(readFileSync(file, "utf8")).toBe(formatPinnedHostKeys("github.com"));
    expect(statSync(file).mode & 0o777).toBe(0o600);

    await ssh.close();
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ["an alias of a forge", "HostName gitlab.com", "gitlab.com"],
    ["a forge's other port", "HostName ssh.github.com\nPort 443", "[ssh.github.com]:443"],
    ["a forge behind another name", "HostName proxy.example.org\nHostKeyAlias codeberg.org", "codeberg.org"],
  ])("pins %s, where the configuration says so", async (_name, lines, pinned) => {
    const configFile = writeTempFile(`Host forge\n${lines}\n`);
    const env = sshEnvironment(await startServer());

    const ssh = await open("forge", { configFile, env });

    expect(readFileSync(pinFile(ssh), "utf8")).toBe(formatPinnedHostKeys(pinned));
  });

  it("does not pin a forge's name that the configuration sends elsewhere", async () => {
    const configFile = writeTempFile("Host gitlab.com\nHostName altssh.gitlab.com\nPort 443\n");
    const env = sshEnvironment(await startServer());

    const ssh = await open("gitlab.com", { configFile, env });

    expect(hostKeyOptions(ssh)).toStrictEqual(["-oStrictHostKeyChecking=accept-new"]);
  });

  it("takes a window that asks for a passphrase out of the environment", async () => {
    const { env } = await open("example.org", {
      env: { PATH: "/bin", SSH_ASKPASS: "/bin/ask", SSH_AUTH_SOCK: "/run/agent" },
    });

    expect(env).toStrictEqual({ PATH: "/bin", SSH_AUTH_SOCK: "/run/agent", SSH_ASKPASS_REQUIRE: "never" });
  });

  it.each([
    ["keyFile", "relative"],
    ["keyFile", "~/.ssh/id_ed25519"],
    ["knownHostsFile", '/a"b'],
    ["knownHostsFile", "/a${HOME}"],
    ["configFile", "/a\nb"],
  ])("refuses %s %j", async (name, path) => {
    const outcome = open("example.org", { [name]: path });

    await expect(outcome).rejects.toThrow(TypeError);
    await expect(outcome).rejects.toThrow(name);
  });
});

describe("formatSshDestination", () => {
  it.each([
    [{ host: "example.org" }, ["--", "example.org"]],
    [{ user: "git", host: "::1", port: 2222 }, ["-p", "2222", "--", "git@::1"]],
  ])("puts nothing of %j where an option could be", (parts, words) => {
    expect(formatSshDestination({ type: "ssh", path: "a", ...parts })).toStrictEqual(words);
  });
});

describe("formatSshCommand", () => {
  it("serves the real git as core.sshCommand", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const { host, port, user } = server;
    const remote: SshRemote = { type: "ssh", host, port, user, path: upstream };
    const configFile = writeSshConfig(server);
    const options = { ...sshOptions(server), configFile, env: sshEnvironment(server) };
    const ssh = await openSsh(remote, options, new AbortController().signal);
    onTestFinished(() => ssh.close());

    const listed = await lsRemote(server, upstream, ssh);

    expect(listed).toContain(`${runGit(upstream, "rev-parse", "HEAD")}\trefs/heads/main\n`);
  });
});

/** The server's connections pass through this process, which therefore must not wait for git. */
async function lsRemote(server: SshServer, upstream: string, { args, env }: OpenSsh): Promise<string> {
  const config = ["-c", `core.sshCommand=${formatSshCommand(args)}`, "-c", "ssh.variant=ssh"];
  const call = [...config, "ls-remote", server.url(upstream)];
  const { stdout } = await promisify(execFile)("git", call, { env: { ...env } });
  return stdout;
}
