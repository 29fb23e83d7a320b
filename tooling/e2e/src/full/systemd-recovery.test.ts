import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SYSTEMD_SUITES } from "../support/machines.ts";
import {
  calendarIn,
  findToplevel,
  makeTimerPunctual,
  readRunStates,
  showUnit,
  waitForAnswer,
  waitForLog,
  waitForUnit,
} from "../support/on-machine.ts";
import { CACHE_URL, createSystemdSite, type SystemdSite } from "../support/systemd-site.ts";

const RUN = "nix-cache-builder.service";
const SERVER = "nix-cache-server.service";

/** What the build of a host waits for, so that the run can be killed. */
const GATE = "/srv/gate";

/** How far ahead the timer is set: enough to switch the machine off before. */
const AHEAD_SECONDS = 8;

describe.runIf(process.getuid?.() === 0).each(SYSTEMD_SUITES)(
  "recovery under the systemd of %s (root: machines are booted)",
  (suite) => {
    let site: SystemdSite;

    beforeAll(async () => {
      site = await createSystemdSite(suite, { nz: { text: "1" } });
      await site.configure();
      await site.builder.run("systemctl", "start", RUN);
      await waitForAnswer(site.client, `${CACHE_URL}/nix-cache-info`);
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    it("starts a killed server again", async () => {
      const before = await showUnit(site.builder, SERVER, "MainPID");

      await site.builder.run("kill", "-KILL", before);

      await waitForAnswer(site.client, `${CACHE_URL}/nix-cache-info`);
      expect(await showUnit(site.builder, SERVER, "MainPID")).not.toBe(before);
    });

    it("records a run that was killed, keeps what was published, and publishes the next time", async () => {
      const published = await findToplevel(site.builder, "nz");
      await site.forge.commit({ nz: { text: "2", waitsFor: GATE } });
      await site.builder.run("systemctl", "start", "--no-block", RUN);
      await waitForLog(site.builder, RUN, "inputs updated");

      await site.builder.run("systemctl", "kill", "--kill-who=all", "--signal=KILL", RUN);
      await waitForUnit(site.builder, RUN, "failed");
      const afterwards = await findToplevel(site.builder, "nz");
      await site.builder.write(GATE, "");
      await site.builder.run("systemctl", "start", RUN);

      expect(afterwards).toBe(published);
      expect(await readRunStates(site.builder)).toEqual(["SUCCESS", "KILLED", "SUCCESS"]);
      expect(await site.builder.run("cat", `${await findToplevel(site.builder, "nz")}/text`)).toBe("2");
    });

    it("makes up for a night during which the machine was off, and serves again", async () => {
      await makeTimerPunctual(site.builder);
      await site.configure({ builder: [`buildSchedule = "${calendarIn(AHEAD_SECONDS)}"`] });
      await site.forge.commit({ nz: { text: "3" } });

      await site.builder.powerOff();
      await new Promise((resolve) => setTimeout(resolve, (AHEAD_SECONDS + 1) * 1000));
      await site.builder.boot();

      await waitForLog(site.builder, RUN, "run finished");
      expect(await site.builder.run("cat", `${await findToplevel(site.builder, "nz")}/text`)).toBe("3");
      await waitForAnswer(site.client, `${CACHE_URL}/nix-cache-info`);
    });
  },
);
