import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { describe, expect, it } from "vitest";

import { analyzeUnits, makeImage } from "./support/image.ts";
import { tempDirForTest } from "./support/temp-dir.ts";

const CONFIG = `[builder]
flakeRepo = "git@github.com:you/nixos-config.git"
hosts = ["nz"]
`;

describe("install --root", () => {
  it("writes units, account and directories, and enables what is to run", async () => {
    const image = await makeImage(CONFIG);

    const { exitCode, stderr, stdout } = await image.builder("install");

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.match(/^written .*$/gm)).toHaveLength(8);
    expect(Object.keys(await image.read())).toEqual([
      "etc/nix-cache-builder/config.toml",
      "etc/systemd/system/multi-user.target.wants/nix-cache-server.service",
      "etc/systemd/system/nix-cache-builder-prune.service",
      "etc/systemd/system/nix-cache-builder-prune.timer",
      "etc/systemd/system/nix-cache-builder-sync.service",
      "etc/systemd/system/nix-cache-builder.service",
      "etc/systemd/system/nix-cache-builder.timer",
      "etc/systemd/system/nix-cache-server.service",
      "etc/systemd/system/nix-serve.service",
      "etc/systemd/system/timers.target.wants/nix-cache-builder-prune.timer",
      "etc/systemd/system/timers.target.wants/nix-cache-builder.timer",
      "etc/sysusers.d/nix-cache-builder.conf",
      "etc/tmpfiles.d/nix-cache-builder.conf",
    ]);
  });

  it("changes nothing the second time, and says so", async () => {
    const image = await makeImage(CONFIG);
    await image.builder("install");
    const before = await image.read();

    const { exitCode, stdout } = await image.builder("install");

    expect(exitCode).toBe(0);
    expect(stdout.match(/^unchanged .*$/gm)).toHaveLength(8);
    expect(stdout).not.toMatch(/^(?:written|updated|removed)/m);
    expect(await image.read()).toEqual(before);
  });

  it("brings the units to a configuration that has changed, and takes back what is no longer wanted", async () => {
    const image = await makeImage(`${CONFIG}[cacheServer]\nsocketActivation = true\n`);
    await image.builder("install");
    await writeFile(image.configFile, `${CONFIG}buildTime = "04:30"\n[cacheServer]\nenable = false\n`);

    const { stdout } = await image.builder("install");

    const { "etc/systemd/system/nix-cache-builder.timer": timer, ...files } = await image.read();
    expect(timer).toContain("OnCalendar=*-*-* 04:30:00\n");
    expect(stdout).toContain(`updated    ${image.directory}/etc/systemd/system/nix-cache-builder.timer\n`);
    expect(Object.keys(files).filter((name) => /server|nix-serve/.test(name))).toEqual([]);
  });

  it("shows what it would write, and writes nothing, for --dry-run", async () => {
    const image = await makeImage(CONFIG);
    const before = await image.read();

    const { exitCode, stdout } = await image.builder("install", "--dry-run");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("    OnCalendar=*-*-* 02:00:00\n");
    expect(stdout).toMatch(/\n\nThis was a dry run: nothing was changed\.\n?$/);
    expect(await image.read()).toEqual(before);
  });

  it("shows which lines would change, for --dry-run", async () => {
    const image = await makeImage(CONFIG);
    await image.builder("install");
    await writeFile(image.configFile, `${CONFIG}buildTime = "04:30"\n`);

    const { stdout } = await image.builder("install", "--dry-run");

    expect(stdout).toContain("    - OnCalendar=*-*-* 02:00:00\n    + OnCalendar=*-*-* 04:30:00\n");
  });

  it("leaves a unit that was changed by hand, and installs nothing", async () => {
    const image = await makeImage(CONFIG);
    await image.builder("install");
    const timer = `${image.directory}/etc/systemd/system/nix-cache-builder.timer`;
    await writeFile(timer, `${await readFile(timer, "utf8")}Persistent=false\n`);
    await writeFile(image.configFile, `${CONFIG}buildTime = "04:30"\n`);
    const before = await image.read();

    const { exitCode, stderr, stdout } = await image.builder("install");

    expect(exitCode).toBe(1);
    expect(stdout).toContain(`left       ${timer}: it was changed by hand\n`);
    expect(stderr).toContain(`move ${timer} away`);
    expect(await image.read()).toEqual(before);
  });

  it("gives the server no second name that another unit has", async () => {
    const image = await makeImage(CONFIG);
    const other = `${image.directory}/etc/systemd/system/nix-serve.service`;
    await mkdir(dirname(other), { recursive: true });
    await writeFile(other, "[Service]\nExecStart=/bin/true\n");

    const { exitCode } = await image.builder("install");

    expect(exitCode).toBe(0);
    expect(await readFile(other, "utf8")).toContain("/bin/true");
  });

  it("writes a configuration to fill in where there is none, and nothing else", async () => {
    const image = await makeImage();

    const { exitCode, stderr } = await image.builder("install");

    expect(exitCode).toBe(78);
    expect(stderr).toContain(image.configFile);
    expect(Object.keys(await image.read())).toEqual(["etc/nix-cache-builder/config.toml"]);
    expect(await readFile(image.configFile, "utf8")).toContain("#! flakeRepo");
  });

  it("says all that is wrong with a configuration, and writes nothing", async () => {
    const image = await makeImage(
      '[builder]\nflakeRepo = "git@host:flake"\nbuildTime = "noon"\n[cacheServer]\nport = -1\n',
    );

    const { exitCode, stderr } = await image.builder("install");

    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/builder\.hosts: .*\n.*cacheServer\.port: /);
    expect(Object.keys(await image.read())).toEqual(["etc/nix-cache-builder/config.toml"]);
  });
});

describe("the units", () => {
  it.each([
    ["by default", "", { "nix-cache-server.service": 1.5, "nix-cache-builder.service": 4 }],
    [
      "with a socket of systemd's",
      "[cacheServer]\nsocketActivation = true\n",
      { "nix-cache-server.service": 0.5 },
    ],
    ["with odd paths", 'cacheDir = "/srv/100% \\"odd\\" builds"\n', { "nix-cache-builder-prune.service": 4 }],
  ])(
    "can be read by systemd %s, and are as little exposed as they can be",
    async (_what, changes, limits) => {
      const image = await makeImage(CONFIG + changes);
      await image.builder("install");
      const unitDir = `${image.directory}/etc/systemd/system`;

      const { complaints, exposures } = await analyzeUnits(unitDir);

      expect(complaints).toEqual([]);
      for (const [name, limit] of Object.entries(limits)) expect(exposures[name]).toBeLessThanOrEqual(limit);
    },
  );
});

describe("an image with a link out of it", () => {
  it.each(["install", "uninstall"])(
    "is not changed by %s, and neither is what the link leads to",
    async (command) => {
      const image = await makeImage(CONFIG);
      const host = await tempDirForTest("host");
      await mkdir(`${image.directory}/etc/systemd`, { recursive: true });
      await symlink(host, `${image.directory}/etc/systemd/system`);
      const before = await image.read();

      const { exitCode, stderr } = await image.builder(command);

      expect(exitCode).toBe(1);
      expect(stderr).toContain(`${image.directory}/etc/systemd/system leads to ${host}, outside of`);
      expect(await image.read()).toEqual(before);
      expect(await readdir(host)).toEqual([]);
    },
  );
});

describe("uninstall --root", () => {
  it("removes what install wrote, and nothing else", async () => {
    const image = await makeImage(CONFIG);
    const before = await image.read();
    await image.builder("install");

    const { exitCode, stdout } = await image.builder("uninstall");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("userdel nix-cache-builder");
    expect(await image.read()).toEqual(before);
  });

  it("leaves a file of somebody else's, and says so", async () => {
    const image = await makeImage(CONFIG);
    await image.builder("install");
    const service = `${image.directory}/etc/systemd/system/nix-cache-builder.service`;
    await writeFile(service, "[Service]\nExecStart=/bin/true\n");

    const { exitCode, stdout } = await image.builder("uninstall");

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`left       ${service}: it was not written by this command\n`);
    expect(await readFile(service, "utf8")).toContain("/bin/true");
  });

  it("finds nothing where nothing is installed", async () => {
    const image = await makeImage(CONFIG);

    const { exitCode, stdout } = await image.builder("uninstall");

    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: "Nothing of nix-cache-builder install is here.",
    });
  });
});
