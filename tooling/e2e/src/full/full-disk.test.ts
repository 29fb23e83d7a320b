import { rm, statfs, truncate, writeFile } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

import { agreementOn, readAgreement } from "../support/agreement.ts";
import { NIX_CONFIG } from "../support/command.ts";
import { liveNumbers, publishTexts, readLinkedTexts } from "../support/generations.ts";
import { ROOT } from "../support/places.ts";
import { siteForTest } from "../support/site-for-test.ts";
import type { Site } from "../support/site.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Enough for a site and its repositories, little enough to be filled at once. */
const DISK_BYTES = 96 * MIB;

/** A directory with a small disk of its own, where the next site is made. */
async function mountSmallDisk(): Promise<string> {
  const { path, remove } = await makeTempDir("disk");
  await execa("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", path]);
  const tmpdir = process.env["TMPDIR"];
  process.env["TMPDIR"] = path;
  onTestFinished(async () => {
    if (tmpdir === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = tmpdir;
    await execa("umount", [path]);
    await remove();
  });
  return path;
}

/** Fills a disk but for so many bytes; answers the file that does. */
async function fill(disk: string, leftBytes: number): Promise<string> {
  const file = `${disk}/filler`;
  const { bavail, bsize } = await statfs(disk);
  await writeFile(file, Buffer.alloc(bavail * bsize));
  await truncate(file, bavail * bsize - leftBytes);
  return file;
}

async function expectRecovery(site: Site, newest: string): Promise<void> {
  await site.run();
  expect((await readLinkedTexts(site))[0]).toBe(newest);
  expect(await readAgreement(site)).toEqual(agreementOn(liveNumbers(site)));
}

describe("a full disk", () => {
  it.runIf(process.getuid?.() === 0).each([0, 64 * KIB, 256 * KIB, MIB, 3 * MIB])(
    "with %i bytes left fails a run clearly, loses nothing, and the next run recovers (root: it mounts one)",
    async (leftBytes) => {
      const disk = await mountSmallDisk();
      const site = await siteForTest({ nz: { text: "0" } });
      await publishTexts(site, "1", "2");
      await site.fleet.commit({ nz: { text: "3", megabytes: 4 } });
      const filler = await fill(disk, leftBytes);

      const { exitCode, stdout, stderr } = await site.builder("run");

      expect(exitCode).toBe(1);
      expect(stdout + stderr).toMatch(/disk is full|no space left/i);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(await readLinkedTexts(site)).toEqual(["2", "1", "2"]);
      await rm(filler);
      await expectRecovery(site, "3");
    },
  );

  it.each([256, 1024])(
    "as a limit of %i KiB for every file fails a run clearly, loses nothing, and the next run recovers",
    async (limit) => {
      const site = await siteForTest({ nz: { text: "0" } });
      await publishTexts(site, "1", "2");
      await site.fleet.commit({ nz: { text: "3", megabytes: 4 } });

      const program = `${ROOT}/tooling/bin/nix-cache-builder`;
      // Other shells than bash count in 512 bytes.
      const script = `trap '' XFSZ; ulimit -f ${limit}; exec ${program} run --config ${site.configFile}`;
      const { exitCode, stderr } = await execa("bash", ["-c", script], {
        env: { HOME: `${site.directory}/home`, NIX_CONFIG, NIX_REMOTE: "" },
        reject: false,
      });

      expect(exitCode).toBe(1);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(await readLinkedTexts(site)).toEqual(["2", "1", "2"]);
      await expectRecovery(site, "3");
    },
  );
});
