import { copyFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it, onTestFinished } from "vitest";

import { takeAway, useDoctorSite } from "./support/doctor-site.ts";
import { HOSTS } from "./support/site-for-test.ts";

const made = useDoctorSite();

const historyFile = (): string => `${made().site.directory}/state/history.public.sqlite`;

/** Changes the history that readers see, until the test ends. */
async function changeHistory(sql: string): Promise<void> {
  const file = historyFile();
  await copyFile(file, `${file}.away`);
  onTestFinished(() => rename(`${file}.away`, file));
  using db = new DatabaseSync(file);
  db.exec(sql);
}

describe("doctor, of what is published", () => {
  it("finds what has no GC root", async () => {
    await takeAway(`${made().site.directory}/var/nix/gcroots/nix-cache-builder/we.b/1`);

    const { exitCode, faults } = await made().examine();

    expect(exitCode).toBe(1);
    expect(faults("roots")).toMatchObject([
      { status: "problem", summary: expect.stringMatching(/^we\.b 1 have no GC root/) },
    ]);
  });

  it("finds links that Nix does not take for GC roots, as its own list has it", async () => {
    const { directory, nix } = made().site;
    const gcroots = `${directory}/var/nix/gcroots`;
    await takeAway(`${gcroots}/auto`, `${directory}/auto`);
    await takeAway(`${gcroots}/nix-cache-builder`, `${directory}/elsewhere`);
    await symlink(`${directory}/elsewhere`, `${gcroots}/nix-cache-builder`);

    const { faults } = await made().examine();

    const { stdout } = await nix("nix-store", "--gc", "--print-roots");
    expect(stdout).not.toContain("nixos-system-nz");
    expect(faults("roots")).toMatchObject([
      { summary: expect.stringMatching(/^nz 1, we\.b 1 have a link that Nix does not take for a GC root/) },
    ]);
  });

  it("takes links elsewhere for GC roots that Nix has registered, as its own list has it", async () => {
    const { directory, nix } = made().site;
    const gcroots = `${directory}/var/nix/gcroots`;
    await takeAway(`${gcroots}/nix-cache-builder`, `${directory}/elsewhere`);
    await symlink(`${directory}/elsewhere`, `${gcroots}/nix-cache-builder`);

    const { faults } = await made().examine();

    const { stdout } = await nix("nix-store", "--gc", "--print-roots");
    expect(stdout).toContain("nixos-system-nz");
    expect(faults("roots")).toEqual([]);
  });

  it("finds that the newest result is not linked", async () => {
    await takeAway(`${made().site.directory}/cache/nz-result`);

    const { faults } = await made().examine();

    expect(faults("links")).toMatchObject([
      { status: "problem", summary: expect.stringContaining("nz-result does not lead to generation 1") },
    ]);
  });

  it("finds a directory that is not the one that it was", async () => {
    await takeAway(`${made().site.directory}/cache`);

    const { faults } = await made().examine();

    expect(faults("links")).toMatchObject([
      { status: "problem", remedy: expect.stringContaining("findmnt") },
    ]);
  });

  it("finds a history that a newer version wrote", async () => {
    await changeHistory("PRAGMA user_version = 999");

    const { faults } = await made().examine();

    expect(faults("runs")).toMatchObject([
      { status: "problem", summary: "the history cannot be read by this version" },
    ]);
  });

  it("finds that no run has started for long", async () => {
    await changeHistory(
      "UPDATE runs SET started_at = started_at - 5 * 86400000, finished_at = finished_at - 5 * 86400000",
    );

    const { exitCode, faults } = await made().examine();

    expect(exitCode).toBe(1);
    expect(faults("runs")).toMatchObject([
      { status: "problem", summary: "no run since 5 d, though it should be daily at 02:00" },
    ]);
  });

  it("finds that what is kept is more than the cap allows", async () => {
    await changeHistory("UPDATE usages SET rooted_bytes = 300e9, over_cap = 1");

    const { faults } = await made().examine();

    expect(faults("cache-size")).toMatchObject([
      {
        status: "warning",
        summary: expect.stringMatching(/^over the cap: 300 GB in \d+ store paths, cap 200 GB/),
        remedy: expect.stringContaining("prune --what-if"),
      },
    ]);
  });

  it("finds a clock that was set back", async () => {
    await changeHistory("UPDATE runs SET started_at = started_at + 5 * 86400000");

    const { faults } = await made().examine();

    expect(faults("clock")).toMatchObject([
      { status: "problem", summary: expect.stringContaining("the last run is in the future") },
    ]);
  });

  it("finds that a command was killed", async () => {
    const lock = { pid: 2 ** 22 + 1, command: "nix-cache-builder run", since: new Date(0).toISOString() };
    await takeAway(`${made().site.directory}/state/run.lock`);
    await writeFile(`${made().site.directory}/state/run.lock`, `${JSON.stringify(lock)}\n`);

    const { faults } = await made().examine();

    expect(faults("runs")).toMatchObject([
      { status: "warning", summary: expect.stringMatching(/^"nix-cache-builder run", begun .* was killed/) },
    ]);
  });

  it("finds hosts that failed or are for another kind of machine, links that somebody removed, and toplevels that are gone", async () => {
    const { builder, directory, fleet, nix, run, toplevel } = made().site;
    await made().configure({ hosts: ["nz", "pi", "we.b"] });
    await fleet.commit({
      nz: { text: "newer" },
      pi: { text: "pi", system: "riscv64-linux" },
      "we.b": { text: "", fails: "evaluation" },
    });
    await run();
    await rm(`${directory}/cache/nz-result-1`);

    const failed = await made().examine();

    expect(failed.exitCode).toBe(1);
    expect(failed.faults("hosts")).toMatchObject([
      { status: "problem", summary: expect.stringMatching(/^pi failed to build/) },
      {
        status: "warning",
        summary: expect.stringMatching(/^we\.b failed to evaluate/),
        detail: expect.stringMatching(/^generation 1 of .* serves$/),
        remedy: expect.stringMatching(/log we\.b --run \d+T\d+Z/),
      },
    ]);
    expect(failed.faults("platforms")).toMatchObject([
      { status: "problem", summary: expect.stringMatching(/, and pi is for another$/) },
    ]);
    expect(failed.faults("links")).toMatchObject([
      { status: "warning", remedy: expect.stringContaining("pin nz 1") },
    ]);

    const lost = await toplevel("we.b");
    await rm(`${directory}/var/nix/gcroots/nix-cache-builder/we.b`, { recursive: true });
    await nix("nix-store", "--delete", lost);

    expect((await made().examine()).faults("roots")).toMatchObject([
      { status: "problem", summary: "we.b 1 are published, and not in the store any more", detail: lost },
    ]);
    await fleet.commit(HOSTS);
    expect(await builder("run")).toMatchObject({ exitCode: 0 });
    expect((await made().examine()).faults("roots")).toEqual([]);
  });
});
