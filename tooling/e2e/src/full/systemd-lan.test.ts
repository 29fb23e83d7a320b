import type { Machine } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SYSTEMD_SUITES } from "../support/machines.ts";
import { showUnit, waitForAnswer } from "../support/on-machine.ts";
import { CACHE_URL, createSystemdSite, type SystemdSite } from "../support/systemd-site.ts";

const SERVER = "nix-cache-server.service";
const INFO = `${CACHE_URL}/nix-cache-info`;

const SOCKET = "nix-cache-server.socket";

/** What the server's own list lets in when it is no layer. */
const EVERYBODY = 'allow = ["0.0.0.0/0", "::/0"]';

/** What the answer to a client is, or how curl failed: 28 is CURLE_OPERATION_TIMEDOUT. */
async function ask(machine: Machine): Promise<string> {
  const options = ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "3"];
  const { exitCode, stdout } = await machine.attempt("curl", ...options, INFO);
  return exitCode === 0 ? stdout : `curl ${exitCode}`;
}

describe.runIf(process.getuid?.() === 0).each(SYSTEMD_SUITES)(
  "the LAN under the systemd of %s (root: machines are booted)",
  (suite) => {
    let site: SystemdSite;

    beforeAll(async () => {
      site = await createSystemdSite(suite, { nz: { text: "nz" } });
      await site.configure();
      // The store is not there before the first build.
      await site.builder.run("systemctl", "start", "nix-cache-builder.service");
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    async function restartServer(): Promise<void> {
      await site.builder.run("systemctl", "restart", SERVER);
      await waitForAnswer(site.client, INFO);
    }

    it("has an outsider whose packets arrive", async () => {
      const read = `read -r line < /dev/tcp/${site.builder.address}/22 && echo "$line"`;

      expect(await site.outsider.run("bash", "-c", read)).toContain("SSH-2.0");
    });

    it("is kept by the unit's filter alone when the server lets everybody in", async () => {
      await site.writeConfig({ cacheServer: [EVERYBODY] });
      await restartServer();

      expect([await ask(site.client), await ask(site.outsider)]).toEqual(["200", "curl 28"]);
    });

    it("is kept by the server alone when the unit's filter lets everybody in", async () => {
      const dropIn = `/etc/systemd/system/${SERVER}.d/open.conf`;
      await site.builder.write(dropIn, "[Service]\nIPAddressAllow=any\n");
      await site.configure();
      await site.builder.run("systemctl", "daemon-reload");
      await restartServer();

      expect([await ask(site.client), await ask(site.outsider)]).toEqual(["200", "403"]);
      await site.builder.run("rm", dropIn);
    });

    it("is kept by the socket's filter when systemd listens for a server that has no network", async () => {
      await site.configure({ cacheServer: ["socketActivation = true"] });
      await site.writeConfig({ cacheServer: [EVERYBODY, "socketActivation = true"] });
      await restartServer();

      const answers = [await ask(site.client), await ask(site.outsider)];
      const pid = await showUnit(site.builder, SERVER, "MainPID");
      const links = await site.builder.run("sed", "-n", "s/:.*//p", `/proc/${pid}/net/dev`);

      expect(answers).toEqual(["200", "curl 28"]);
      expect(links.trim()).toBe("lo");
      expect(await showUnit(site.builder, SOCKET, "ActiveState")).toBe("active");
    });

    it("has a server on all of IPv4's addresses, too, under the name of nix-serve", async () => {
      await site.configure({ cacheServer: ['host = "0.0.0.0"'] });

      await site.builder.run("systemctl", "restart", "nix-serve.service");
      await waitForAnswer(site.client, INFO);

      expect(await showUnit(site.builder, "nix-serve.service", "Id")).toBe(SERVER);
      expect(await showUnit(site.builder, SOCKET, "ActiveState")).toBe("inactive");
    });
  },
);
