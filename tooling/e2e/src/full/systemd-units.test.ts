import type { Machine } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SYSTEMD_SUITES } from "../support/machines.ts";
import {
  readJournal,
  readProcesses,
  readStatus,
  showUnit,
  UNPRIVILEGED,
  waitForAnswer,
} from "../support/on-machine.ts";
import {
  CACHE_URL,
  createSystemdSite,
  SIGNING_KEY_FILE,
  SSH_KEY_FILE,
  type SystemdSite,
} from "../support/systemd-site.ts";

const SERVER = "nix-cache-server.service";
const RUN = "nix-cache-builder.service";
const SYNC = "nix-cache-builder-sync.service";
const PRUNE = "nix-cache-builder-prune.service";

/** systemd.exec(5), "Process Exit Codes": what a service ends with whose credentials cannot be had. */
const CREDENTIALS = "243";

const UNIT_DIR = "/etc/systemd/system";

const SSH_CONFIG_FILE = "/etc/nix-cache-builder/ssh_config";

const FORGE_KEY_FILE = "/etc/nix-cache-builder/forge-key";

/** What docs/operations.md has an administrator write. */
const DROP_IN = `[Service]\nLoadCredential=forge-key:${FORGE_KEY_FILE}\n`;

const SSH_CONFIG = `
IdentityFile \${CREDENTIALS_DIRECTORY}/forge-key
ProxyCommand bash -c 'exec 3<>/dev/tcp/%h/%p; echo proxied > /var/lib/nix-cache-builder/proxied; cat <&3 & exec cat >&3'
`;

/** Asks systemd how much a service is exposed: 0 is not at all, 10 without any hardening. */
async function readExposure(machine: Machine, unit: string): Promise<number> {
  const report = await machine.run("systemd-analyze", "security", unit);
  const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(report) ?? [];
  return Number(exposure);
}

describe.runIf(process.getuid?.() === 0).each(SYSTEMD_SUITES)(
  "the units under the systemd of %s (root: machines are booted)",
  (suite) => {
    let site: SystemdSite;

    beforeAll(async () => {
      site = await createSystemdSite(suite, { nz: { text: "nz" } });
      await site.configure();
      await site.builder.run("systemctl", "start", RUN);
      await waitForAnswer(site.client, `${CACHE_URL}/nix-cache-info`);
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    it.each([
      [SERVER, 1.5],
      [RUN, 4],
      [SYNC, 4],
      [PRUNE, 4],
    ])("expose no more of %s than %d", async (unit, most) => {
      const exposure = await readExposure(site.builder, unit);

      console.log(`${suite}: systemd-analyze security ${unit}: ${exposure}`);
      expect(exposure).toBeLessThanOrEqual(most);
    });

    it("expose no more of a server that gets its socket than 0.5", async () => {
      await site.configure({ cacheServer: ["socketActivation = true"] });

      const exposure = await readExposure(site.builder, SERVER);
      await site.configure();

      console.log(`${suite}: systemd-analyze security ${SERVER} with socket activation: ${exposure}`);
      expect(exposure).toBeLessThanOrEqual(0.5);
    });

    it("start a server without any privilege, as a user that comes and goes with it", async () => {
      const processes = await readProcesses(site.builder, SERVER);

      expect(processes).toEqual([`nix-cache-server ${UNPRIVILEGED}`]);
      expect(await site.builder.attempt("grep", "nix-cache-server", "/etc/passwd")).toMatchObject({
        exitCode: 1,
      });
    });

    it("show the server a system that it cannot write to, and nobody's home", async () => {
      const pid = await showUnit(site.builder, SERVER, "MainPID");
      const asSeen = ["nsenter", "--target", pid, "--mount", "sh", "-c"];

      const written = await site.builder.attempt(...asSeen, "touch /etc/x; touch /var/lib/x; touch /nix/x");
      const homes = await site.builder.run(...asSeen, "ls -A /root /home; find /root /home -type f");

      expect(written.stderr.match(/Read-only file system/g)).toHaveLength(3);
      expect(homes.split("\n").filter((line) => line !== "")).toEqual(["/home:", "/root:"]);
    });

    it("reach a forge through a proxy, by a key of the administrator's own that ssh's configuration names", async () => {
      await site.builder.run("mv", SSH_KEY_FILE, FORGE_KEY_FILE);
      await site.builder.write(SSH_CONFIG_FILE, SSH_CONFIG);
      for (const unit of [RUN, SYNC]) await site.builder.write(`${UNIT_DIR}/${unit}.d/forge.conf`, DROP_IN);
      await site.configure({ builder: [`sshConfigFile = "${SSH_CONFIG_FILE}"`] });
      await site.builder.run("systemctl", "daemon-reload");

      const { exitCode } = await site.builder.attempt("systemctl", "start", SYNC);
      const proxied = await site.builder.attempt("cat", "/var/lib/nix-cache-builder/proxied");
      await site.builder.run("rm", "-r", `${UNIT_DIR}/${RUN}.d`, `${UNIT_DIR}/${SYNC}.d`);
      await site.builder.run("mv", FORGE_KEY_FILE, SSH_KEY_FILE);
      await site.configure();
      await site.builder.run("systemctl", "daemon-reload");

      expect(exitCode).toBe(0);
      expect(proxied).toMatchObject({ exitCode: 0 });
    });

    it("need no SSH key: a repository that wants one is then out of reach, and the last checkout serves", async () => {
      await site.builder.run("rm", SSH_KEY_FILE);

      await site.builder.run("systemctl", "start", RUN);
      await site.builder.attempt("systemctl", "start", SYNC);

      expect(await readStatus(site.builder)).toMatchObject({ lastRun: { status: "PARTIAL" } });
      expect(await showUnit(site.builder, SYNC, "ExecMainStatus")).not.toBe(CREDENTIALS);
    });

    it("name the signing key that is missing, and how to make one", async () => {
      await site.builder.run("rm", "--force", SIGNING_KEY_FILE);

      const { exitCode } = await site.builder.attempt("systemctl", "start", RUN);
      const journal = await readJournal(site.builder, RUN);

      expect(exitCode).toBe(1);
      expect(await showUnit(site.builder, RUN, "ExecMainStatus")).not.toBe(CREDENTIALS);
      expect(journal).toContain(SIGNING_KEY_FILE);
      expect(journal).toContain("nix-cache-builder keygen");
    });
  },
);
