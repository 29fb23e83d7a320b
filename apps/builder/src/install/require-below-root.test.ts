import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { requireBelowRoot } from "./require-below-root.ts";

const CONFIG_FILE = "/etc/nix-cache-builder/config.toml";

let directory: string;
let root: string;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(`${tmpdir()}/below-root-`));
  root = `${directory}/image`;
  await mkdir(root);
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(`${root}${path}`), { recursive: true });
  await symlink(target, `${root}${path}`);
}

function check(configFile?: string): void {
  requireBelowRoot({ scope: "system", root }, configFile);
}

describe("requireBelowRoot", () => {
  it.each([
    ["/etc"],
    ["/etc/systemd"],
    ["/etc/systemd/system"],
    ["/etc/systemd/system/timers.target.wants"],
    ["/etc/sysusers.d"],
    ["/etc/tmpfiles.d"],
    ["/etc/nix-cache-builder"],
  ])("refuses an image whose %s is a link out of it", async (path) => {
    await mkdir(`${directory}/host`);
    await link(path, `${directory}/host`);

    expect(() => check(CONFIG_FILE)).toThrow(
      `nothing was changed: ${root}${path} leads to ${directory}/host, outside of ${root}`,
    );
  });

  it("refuses a relative link that climbs out, and a directory of a like name", async () => {
    await mkdir(`${directory}/image-2`);
    await link("/etc/systemd", "../../image-2");

    expect(() => check()).toThrow(`leads to ${directory}/image-2`);
  });

  it("refuses a configuration that is a link out", async () => {
    await writeFile(`${directory}/secret`, "");
    await link(CONFIG_FILE, `${directory}/secret`);

    expect(() => check(CONFIG_FILE)).toThrow(`${root}${CONFIG_FILE} leads to ${directory}/secret`);
  });

  it("refuses a link that leads nowhere yet", async () => {
    await link("/etc/tmpfiles.d", `${directory}/none`);

    expect(() => check()).toThrow(`${root}/etc/tmpfiles.d leads nowhere`);
  });

  it("has nothing against links inside, a root that is one, and what is yet to be made", async () => {
    await mkdir(`${root}/usr/units`, { recursive: true });
    await link("/etc/systemd/system", "../../usr/units");
    await symlink(root, `${directory}/link`);

    expect(() => requireBelowRoot({ scope: "system", root: `${directory}/link` }, CONFIG_FILE)).not.toThrow();
    expect(() => requireBelowRoot({ scope: "system", root: `${directory}/none` })).not.toThrow();
    expect(() => requireBelowRoot({ scope: "system", root: "/" })).not.toThrow();
  });
});
