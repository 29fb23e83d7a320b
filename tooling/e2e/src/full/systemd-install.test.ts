import { createNetwork, type Machine } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { formatFlake } from "../support/fleet.ts";
import { fetchMachineRoot, installApps, SYSTEMD_SUITES } from "../support/machines.ts";

const CONFIG_DIR = "/etc/nix-cache-builder";

/** Who has services of their own; on Debian, the Nix daemon lets in members of a group alone. */
const USER = { name: "alice", config: "/home/alice/.config/nix-cache-builder/config.toml" };

/** Puts the test flake where everybody can read it. */
async function writeFlake(machine: Machine): Promise<string> {
  const repository = "/srv/fleet";
  const git = ["git", "-C", repository, "-c", "user.name=test", "-c", "user.email=test@localhost"];
  await machine.write(`${repository}/flake.nix`, await formatFlake());
  await machine.write(`${repository}/hosts.json`, JSON.stringify({ nz: { text: "nz" } }));
  await machine.run(...git, "init", "--quiet", "--initial-branch=main");
  await machine.run(...git, "add", "--all");
  await machine.run(...git, "commit", "--quiet", "--message=Make a host");
  await machine.run("git", "config", "--system", "safe.directory", "*");
  return repository;
}

/** Names and contents of what an installation may write. */
function readInstallation(machine: Machine): Promise<string> {
  const script =
    "cd /etc && find systemd/system sysusers.d tmpfiles.d '(' -name 'nix-cache-*' -o -name 'nix-serve.*' ')' -print | sort | xargs -r sha256sum";
  return machine.run("sh", "-c", script);
}

/** Asks the server for its store; one that has just been started takes a while to listen. */
function askCache(machine: Machine, port: number): Promise<string> {
  const patience = ["--retry-connrefused", "--retry", "20", "--retry-delay", "1"];
  return machine.run("curl", "--silent", "--fail", ...patience, `http://127.0.0.1:${port}/nix-cache-info`);
}

describe.runIf(process.getuid?.() === 0).each(SYSTEMD_SUITES)(
  "an installation on Debian %s (root: a machine is booted)",
  (suite) => {
    const stack = new AsyncDisposableStack();
    let machine: Machine;
    let repository: string;

    const asUser = (...argv: readonly string[]): readonly string[] => [
      "runuser",
      `--user=${USER.name}`,
      "--",
      "env",
      "HOME=/home/alice",
      "XDG_RUNTIME_DIR=/run/user/1000",
      ...argv,
    ];

    beforeAll(async () => {
      const apps = await installApps();
      stack.defer(apps.remove);
      const network = stack.use(await createNetwork(["192.168.77.1"]));
      const root = await fetchMachineRoot(suite);
      machine = await network.boot({ name: "builder", address: "192.168.77.2", root, layers: [apps.path] });
      // Test derivations use the machine's shell; no network but the test's is there.
      await machine.write("/etc/nix/nix.conf", "sandbox = false\nsubstituters =\n");
      await machine.run("systemctl", "restart", "nix-daemon.service");
      repository = await writeFlake(machine);
    });
    afterAll(() => stack.disposeAsync());

    it("begins with a configuration to fill in, and starts nothing before", async () => {
      const { exitCode, stderr } = await machine.attempt("nix-cache-builder", "install");

      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 78,
        stderr: expect.stringContaining("fill in"),
      });
      const template = await machine.run("cat", `${CONFIG_DIR}/config.toml`);
      expect(template).toContain("#! flakeRepo");
      expect((await machine.attempt("systemctl", "cat", "nix-cache-builder.service")).exitCode).toBe(1);
      const lines = template
        .replace(/^#! flakeRepo.*/m, `flakeRepo = "${repository}"`)
        .replace(/^#! hosts.*/m, 'hosts = ["nz"]');
      await machine.write(`${CONFIG_DIR}/config.toml`, lines);
    });

    it("is as ready as it says: its next steps bring a signed host", async () => {
      const output = await machine.run("nix-cache-builder", "install");

      const [, keygen = ""] =
        /-> make the signing key: sudo (nix-cache-builder keygen .*)$/m.exec(output) ?? [];
      expect(await machine.run(...keygen.split(" "))).toContain("Secret key:");
      await machine.run("systemctl", "restart", "nix-cache-server.service");
      await machine.run("systemctl", "start", "nix-cache-builder.service");
      expect(await machine.run("nix-cache-builder", "status", "--json")).toContain('"status": "SUCCESS"');
      await askCache(machine, 5000);
      const { exitCode, stdout } = await machine.attempt("nix-cache-builder", "doctor");
      expect({ exitCode, problems: stdout.match(/^problem.*/gm) }).toEqual({ exitCode: 0, problems: null });
      expect(stdout).toMatch(/is the key .*-1$/m);
      // Whatever the daemon takes, clients get signatures, and nothing is left to do.
      expect(stdout).toMatch(/^ok +signatures /m);
    });

    it("lends root's commands what the units load, and leaves no copy", async () => {
      await machine.run("nix-cache-builder", "run");
      const signed = await machine.attempt("nix-cache-builder", "sign", "--all");

      // The daemon of Nix 2.8 takes signatures from trusted users alone, which the builder is not.
      expect(signed.exitCode === 0 || signed.stderr.includes("older than 2.17")).toBe(true);
      expect(await machine.run("sh", "-c", "ls -d /run/nix-cache-builder-* 2>/dev/null; true")).toBe("");
      expect(await machine.run("stat", "--format=%U", "/var/lib/nix-cache-builder/history.sqlite")).toBe(
        "nix-cache-builder",
      );
    });

    it("changes nothing when it is done again, and the server goes on", async () => {
      const before = await readInstallation(machine);
      const process = await machine.run(
        "systemctl",
        "show",
        "--property=MainPID",
        "nix-cache-server.service",
      );

      const output = await machine.run("nix-cache-builder", "install");

      expect(output).toMatch(/^unchanged /m);
      expect(output).not.toMatch(/^(?:written|updated|removed|left) /m);
      expect(await readInstallation(machine)).toBe(before);
      expect(await machine.run("systemctl", "show", "--property=MainPID", "nix-cache-server.service")).toBe(
        process,
      );
    });

    it("follows the configuration: another calendar, and a server whose socket systemd has", async () => {
      const config = await machine.run("cat", `${CONFIG_DIR}/config.toml`);
      const changed = config
        .replace('buildTime = "02:00"', 'buildTime = "03:15"')
        .replace("port = 5000", "port = 80\nsocketActivation = true");
      await machine.write(`${CONFIG_DIR}/config.toml`, changed);

      await machine.run("nix-cache-builder", "install");

      expect(await machine.run("systemctl", "list-timers", "nix-cache-builder.timer")).toContain("03:1");
      expect(await askCache(machine, 80)).toContain("StoreDir");
      await machine.write(`${CONFIG_DIR}/config.toml`, config);
      expect(await machine.run("nix-cache-builder", "install")).toContain(
        "removed    /etc/systemd/system/nix-cache-server.socket",
      );
      expect(await askCache(machine, 5000)).toContain("StoreDir");
      expect((await machine.attempt("curl", "--silent", "http://127.0.0.1/")).exitCode).toBe(7);
    });

    it("is taken back, and what was published stays", async () => {
      await machine.run("nix-cache-builder", "uninstall");

      expect(await readInstallation(machine)).toBe("");
      expect(await machine.run("systemctl", "list-unit-files", "--no-legend", "nix-*")).not.toMatch(
        /nix-(?:cache|serve)/,
      );
      expect((await machine.attempt("curl", "--silent", "http://127.0.0.1:5000/")).exitCode).toBe(7);
      expect(await machine.run("readlink", "--canonicalize", "/var/cache/nix-builds/nz-result")).toContain(
        "/nix/store/",
      );
      expect(await machine.run("nix-cache-builder", "uninstall")).toContain(
        "Nothing of nix-cache-builder install",
      );
    });

    it("can be a user's own, without root", async () => {
      await machine.run("useradd", "--create-home", "--uid=1000", "--groups=nix-users", USER.name);
      // What a login, or lingering, starts.
      await machine.run("systemctl", "start", "user@1000.service");
      const first = await machine.attempt(...asUser("nix-cache-builder", "install", "--user"));
      expect(first).toMatchObject({ exitCode: 78, stderr: expect.stringContaining(USER.config) });
      const filledIn = [`s|^#! flakeRepo.*|flakeRepo = "${repository}"|`, 's|^#! hosts.*|hosts = ["nz"]|'];
      await machine.run(...asUser("sed", "-i", ...filledIn.flatMap((script) => ["-e", script]), USER.config));

      const output = await machine.run(...asUser("nix-cache-builder", "install", "--user"));

      const [, keygen = ""] = /-> make the signing key: (nix-cache-builder keygen .*)$/m.exec(output) ?? [];
      await machine.run(...asUser(...keygen.split(" ")));
      await machine.run(...asUser("systemctl", "--user", "start", "nix-cache-builder.service"));
      await machine.run(...asUser("systemctl", "--user", "restart", "nix-cache-server.service"));
      const status = await machine.run(
        ...asUser("nix-cache-builder", "status", "--json", "--config", USER.config),
      );
      expect(status).toContain('"status": "SUCCESS"');
      expect(status).toContain('"timer": "armed"');
      const answer = await askCache(machine, 5000);
      expect(answer).toContain("StoreDir: /nix/store");
      expect(await machine.run(...asUser("nix-cache-builder", "install", "--user"))).not.toMatch(
        /^(?:written|updated)/m,
      );
      expect(await machine.run(...asUser("nix-cache-builder", "uninstall", "--user"))).toContain("removed ");
      expect((await machine.attempt("curl", "--silent", "http://127.0.0.1:5000/")).exitCode).toBe(7);
    });
  },
);
