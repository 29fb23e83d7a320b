import { chmod, copyFile, readFile, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { serveOnLoopback, useDoctorSite } from "./support/doctor-site.ts";

const made = useDoctorSite();

const A_DAY_MS = 24 * 60 * 60 * 1000;

/** A nix-cache-info of the usual store. */
const USUAL_CACHE = "StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n";

describe("doctor, of the server", () => {
  it("finds that nothing answers on its port", async () => {
    await made().configure({ listen: { host: "127.0.0.1", port: 1 } });

    const { exitCode, faults } = await made().examine();

    expect(exitCode).toBe(1);
    expect(faults("server")).toMatchObject([
      { status: "problem", remedy: expect.stringContaining("systemctl restart nix-cache-server") },
    ]);
  });

  it.each([
    [200, USUAL_CACHE, /serves the store \/nix\/store, and nix\.storeDir is/],
    [200, "<html>", /is no binary cache/],
    [403, "forbidden\n", /runs with an older configuration/],
  ])("finds another server in its place, which answers %d with %j", async (status, body, summary) => {
    const port = await serveOnLoopback((_request, response) => response.writeHead(status).end(body));
    await made().configure({ listen: { host: "127.0.0.1", port } });

    const { faults } = await made().examine();

    expect(faults("server")).toMatchObject([{ status: "problem", summary: expect.stringMatching(summary) }]);
  });

  it("finds a server that does not have what is published", async () => {
    const { storeDir } = made().site;
    const text = `StoreDir: ${storeDir}\nPriority: 40\n`;
    const port = await serveOnLoopback(({ url }, response) =>
      url === "/nix-cache-info" ? response.end(text) : response.writeHead(404).end(),
    );
    await made().configure({ listen: { host: "127.0.0.1", port } });

    const { faults } = await made().examine();

    expect(faults("server").map(({ summary }) => summary)).toEqual([
      "it does not serve the newest toplevel of nz (status 404)",
      "it does not serve the newest toplevel of we.b (status 404)",
    ]);
  });
});

describe("doctor, of other machines", () => {
  it("finds substituters that are down, of another store, or this machine itself, and a clock that is wrong", async () => {
    const { storeDir } = made().site;
    const own = await serveOnLoopback(() => undefined);
    const late = await serveOnLoopback((_request, response) => {
      response.setHeader("date", new Date(Date.now() + A_DAY_MS).toUTCString());
      response.end(`StoreDir: ${storeDir}\n`);
    });
    const other = await serveOnLoopback((_request, response) => response.end(USUAL_CACHE));
    const substituters = [late, other, 1, own].map((port) => `http://127.0.0.1:${port}`);
    await made().configure({
      nix: [`settings.substituters = "${substituters.join(" ")}"`],
      listen: { host: "127.0.0.1", port: own },
      cacheServer: ["enable = false"],
    });

    const { faults } = await made().examine();

    expect(faults("substituters").map(({ summary }) => summary)).toEqual([
      expect.stringContaining("is for the store /nix/store, and of no use"),
      expect.stringContaining("does not answer (ECONNREFUSED)"),
      expect.stringContaining("is this machine's own cache"),
    ]);
    expect(faults("clock")).toMatchObject([
      {
        status: "problem",
        summary: expect.stringMatching(/^the clock is 86\d{3} s behind that of 127\.0\.0\.1:/),
      },
    ]);
  });

  it("finds a remote builder that cannot be reached", async () => {
    await made().configure({ nix: ['settings.builders = "ssh://builder.invalid riscv64-linux"'] });

    const { faults } = await made().examine();

    expect(faults("remote-builders")).toMatchObject([
      {
        status: "problem",
        summary: "ssh://builder.invalid (riscv64-linux) does not answer",
        remedy: expect.stringContaining("store ping --store ssh://builder.invalid"),
      },
    ]);
  });
});

describe("doctor, of the repository", () => {
  it.each([
    ["no such branch", () => [`flakeBranch = "trunk"`], /flakeBranch = /],
    [
      "a key that the forge does not know",
      () => [`sshKeyFile = "${made().ssh.strangerKeyFile}"`],
      /deploy key: .*ssh-keygen -y/,
    ],
    [
      "a key with a passphrase",
      () => [`sshKeyFile = "${made().ssh.encryptedKeyFile}"`],
      /ssh-keygen -t ed25519/,
    ],
  ])("finds %s", async (_name, lines, remedy) => {
    await made().configure({ builder: lines() });

    const { exitCode, faults, output } = await made().examine();

    expect(exitCode).toBe(1);
    expect(faults("repository")).toMatchObject([
      { status: "problem", remedy: expect.stringMatching(remedy) },
    ]);
    expect(output).not.toContain(made().ssh.passphrase);
  });

  it("finds that there is no such repository", async () => {
    await made().configure({ flakeRepo: made().ssh.url("/nonexistent/flake") });

    const { faults } = await made().examine();

    expect(faults("repository")).toMatchObject([
      { status: "problem", remedy: expect.stringContaining("git ls-remote") },
    ]);
  });

  it("finds a key that others can read before the forge is asked", async () => {
    const key = `${made().site.directory}/open-key`;
    await copyFile(made().ssh.keyFile, key);
    await chmod(key, 0o644);
    await made().configure({ builder: [`sshKeyFile = "${key}"`] });

    const { faults, findings } = await made().examine();

    expect(faults("repository")).toMatchObject([
      { status: "problem", remedy: expect.stringContaining(`chmod 0400 ${key}`) },
    ]);
    expect(findings.findLast(({ check }) => check === "repository")).toMatchObject({
      status: "skipped",
    });
  });

  it("finds that the host has another key than it had", async () => {
    const { host, hostKey, port, strangerKeyFile } = made().ssh;
    const [type, base64 = ""] = (await readFile(`${strangerKeyFile}.pub`, "utf8")).split(" ");
    const file = `${made().site.directory}/changed_hosts`;
    await writeFile(file, `[${host}]:${port} ${type} ${base64}\n`);
    await made().configure({ builder: [`sshKnownHostsFile = "${file}"`] });

    const { faults } = await made().examine();

    expect(hostKey).not.toContain(base64);
    expect(faults("repository")).toMatchObject([
      { status: "problem", remedy: expect.stringContaining(`ssh-keygen -R '[${host}]:${port}' -f ${file}`) },
    ]);
  });

  it("shows the key of a host that nobody vouches for, and does not learn it", async () => {
    const { host, hostKey, port } = made().ssh;
    const file = `${made().site.directory}/no_hosts`;
    await writeFile(file, "");
    await made().configure({ builder: [`sshKnownHostsFile = "${file}"`] });

    const { faults } = await made().examine();

    expect(faults("repository")).toMatchObject([
      {
        status: "warning",
        detail: expect.stringMatching(/^it shows ssh-ed25519 SHA256:[\w+/]{43}$/),
        remedy: expect.stringContaining(`echo '[${host}]:${port} ${hostKey}' >> ${file}`),
      },
    ]);
    expect(await readFile(file, "utf8")).toBe("");
  });
});
