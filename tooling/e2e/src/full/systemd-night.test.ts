import type { Machine, MachineCommandEnd } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SYSTEMD_SUITES } from "../support/machines.ts";
import {
  calendarIn,
  findToplevel,
  makeTimerPunctual,
  readJournal,
  readProcesses,
  readStatus,
  showUnit,
  UNPRIVILEGED,
  waitForAnswer,
  waitForLog,
  waitForUnit,
} from "../support/on-machine.ts";
import {
  CACHE_URL,
  CONFIG_FILE,
  createSystemdSite,
  SIGNING_KEY_FILE,
  SSH_KEY_FILE,
  type SystemdSite,
} from "../support/systemd-site.ts";

const RUN = "nix-cache-builder.service";
const PRUNE = "nix-cache-builder-prune.service";

/** Another place for the key, by a name that systemd would expand in most of a unit. */
const ODD_KEY_FILE = "/etc/nix-cache-builder/100%d-key";

/** What the build of a host waits for, so that the run can be looked at. */
const GATE = "/srv/gate";
const HOSTS = { nz: { text: "nz", waitsFor: GATE }, "we.b": { text: "web" } };

/** Secret words of a key file. */
async function readSecrets(machine: Machine): Promise<readonly string[]> {
  const texts = await Promise.all([SIGNING_KEY_FILE, SSH_KEY_FILE].map((file) => machine.run("cat", file)));
  return texts.flatMap((text) => text.match(/[A-Za-z0-9+/=]{40,}/g) ?? []);
}

describe.runIf(process.getuid?.() === 0).each(SYSTEMD_SUITES)(
  "a night under the systemd of %s (root: machines are booted)",
  (suite) => {
    let site: SystemdSite;

    beforeAll(async () => {
      site = await createSystemdSite(suite, HOSTS);
      await makeTimerPunctual(site.builder);
      await site.configure({ builder: [`buildSchedule = "${calendarIn(5)}"`] });
      await waitForUnit(site.builder, RUN, "activating");
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    it("begins when the timer elapses, in processes that have no privilege and get none", async () => {
      await waitForLog(site.builder, RUN, "inputs updated");

      const processes = await readProcesses(site.builder, RUN);

      expect(new Set(processes)).toEqual(new Set([`nix-cache-builder ${UNPRIVILEGED}`]));
    });

    it("is the work of a user whom Nix's daemon does not trust", async () => {
      const command = "runuser -u nix-cache-builder -- nix-store --verify --repair";
      const { stderr } = await site.builder.attempt(...command.split(" "));

      expect(stderr).toContain("you are not privileged to repair paths");
    });

    it("shows no secret in any process", async () => {
      const files = "/proc/[0-9]*/cmdline /proc/[0-9]*/environ";
      await site.builder.write("/root/secrets", `${(await readSecrets(site.builder)).join("\n")}\n`, "0400");
      const search = (words: string): Promise<MachineCommandEnd> =>
        site.builder.attempt("sh", "-c", `cat ${files} | grep --text --count --fixed-strings ${words}`);

      expect(await search("--file=/root/secrets")).toMatchObject({ stdout: "0" });
      expect(await search("CREDENTIALS_DIRECTORY=")).toMatchObject({ exitCode: 0 });
    });

    it("keeps a second one and a prune from starting, neither of which is a failed unit", async () => {
      const second = await site.builder.attempt("nix-cache-builder", "run");
      await site.builder.run("systemctl", "start", PRUNE);

      expect(second).toMatchObject({ exitCode: 75, stderr: expect.stringContaining("holds the run lock") });
      expect(await readJournal(site.builder, PRUNE)).toContain("holds the run lock");
      expect(await showUnit(site.builder, PRUNE, "Result")).toBe("success");
      expect(await site.builder.run("systemctl", "--failed", "--no-legend")).toBe("");
    });

    it("publishes what a client with the public key takes, and one without it refuses", async () => {
      await site.builder.write(GATE, "");
      await waitForUnit(site.builder, RUN, "inactive");
      await waitForAnswer(site.client, `${CACHE_URL}/nix-cache-info`);
      const toplevel = await findToplevel(site.builder, "nz");
      const realise = ["nix-store", "--realise", toplevel];

      const refused = await site.client.attempt(...realise, "--option", "trusted-public-keys", "");
      const taken = await site.client.attempt(...realise);

      expect(await readStatus(site.builder)).toMatchObject({
        health: "healthy",
        lastRun: { status: "SUCCESS" },
      });
      expect(refused.stderr).toContain("not signed by any of the keys");
      expect(refused.exitCode).not.toBe(0);
      expect(taken).toMatchObject({ exitCode: 0, stdout: toplevel });
      expect(await site.client.run("cat", `${toplevel}/text`)).toBe("nz");
    });

    it("signs in the store as well where Nix's daemon lets it, and says so where it does not", async () => {
      const query = ["nix", "--extra-experimental-features", "nix-command", "path-info", "--sigs"];

      const info = await site.builder.run(...query, await findToplevel(site.builder, "nz"));
      const journal = await readJournal(site.builder, RUN);

      const isSigned = info.includes("builder-1:");
      const isRefused = journal.includes("takes signatures from trusted users alone");
      expect({ isSigned, isRefused }).toEqual(
        suite === "bookworm" ? { isSigned: false, isRefused: true } : { isSigned: true, isRefused: false },
      );
    });

    it("lets go of what the limits do not allow, and deletes it", async () => {
      const before = await findToplevel(site.builder, "nz");
      await site.configure({ builder: ["keepGenerations = 1", "graceHours = 0", "collectGraceMinutes = 0"] });
      await site.forge.commit({ ...HOSTS, nz: { text: "newer" } });

      await site.builder.run("systemctl", "start", RUN);
      await site.builder.run("systemctl", "start", PRUNE);

      expect(await findToplevel(site.builder, "nz")).not.toBe(before);
      expect(await site.builder.attempt("test", "-e", before)).toMatchObject({ exitCode: 1 });
    });

    it("does nothing with the secrets of a unit that is older than the configuration", async () => {
      await site.builder.run("cp", SIGNING_KEY_FILE, ODD_KEY_FILE);
      const text = await site.builder.run("cat", CONFIG_FILE);
      const odd = JSON.stringify(ODD_KEY_FILE);
      await site.builder.write(
        CONFIG_FILE,
        `${text.replaceAll(JSON.stringify(SIGNING_KEY_FILE), () => odd)}\n`,
      );

      await site.builder.attempt("systemctl", "start", RUN);
      const status = await showUnit(site.builder, RUN, "ExecMainStatus");
      const journal = await readJournal(site.builder, RUN);
      await site.builder.run("nix-cache-builder", "install");
      await site.builder.run("systemctl", "start", RUN);

      expect(status).toBe("78");
      expect(journal).toContain(
        `expected ${ODD_KEY_FILE}, but the service was handed ${SIGNING_KEY_FILE}: run nix-cache-builder install`,
      );
      await waitForAnswer(site.client, `${CACHE_URL}/nix-cache-info`);
      expect(await readStatus(site.builder)).toMatchObject({ lastRun: { status: "SUCCESS" } });
    });

    it("leaves no secret in the journal", async () => {
      const secrets = await readSecrets(site.builder);

      const journal = await site.builder.run("journalctl", "--boot");

      expect(secrets.length).toBeGreaterThan(3);
      expect(secrets.filter((secret) => journal.includes(secret))).toEqual([]);
    });
  },
);
