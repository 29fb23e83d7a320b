import { once } from "node:events";
import { createServer } from "node:net";

import { prepareDemo } from "@nix-cache/tooling-demo";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

import { ROOT } from "./support/places.ts";
import { startProgram, type StartedProgram } from "./support/start-program.ts";
import { tempDirForTest } from "./support/temp-dir.ts";

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("expected an IP address");
  return address.port;
}

/** Runs what `npm start -- --config FILE` runs, until it serves or ends. */
function start(configFile: string): Promise<StartedProgram> {
  return startProgram({
    argv: ["node", `${ROOT}/tooling/bootstrap/main.mjs`, "start", "--config", configFile],
    until: "Serving until Ctrl-C",
  });
}

describe("npm start", () => {
  it("builds and serves the demo, prints a command that works, and ends on Ctrl-C", async () => {
    const directory = await tempDirForTest("demo");
    const client = await tempDirForTest("demo-client");
    const port = await findFreePort();
    const configFile = await prepareDemo(directory, { port });

    const { child, lines, ended } = await start(configFile);
    const command = lines
      .find((line) => line.startsWith("  nix copy "))
      ?.replace("/tmp/nix-cache-client-$(id -u)", client);
    const copy = await execa("sh", ["-c", command ?? "false"], { env: { HOME: client }, reject: false });
    const verify = await execa(
      "nix",
      [
        "--extra-experimental-features",
        "nix-command",
        "store",
        "verify",
        "--recursive",
        "--no-trust",
        "--all",
      ],
      {
        env: { HOME: client, NIX_STORE_DIR: `${directory}/store`, NIX_REMOTE: `local?root=${client}` },
        reject: false,
      },
    );
    child.kill("SIGINT");
    const { exitCode } = await ended;

    expect(lines.filter((line) => line.includes("host published"))).toHaveLength(4);
    expect(copy).toMatchObject({ exitCode: 0 });
    expect(copy.stderr).toMatch(/copying 1[0-9] paths/);
    expect(verify).toMatchObject({ exitCode: 0 });
    expect(exitCode).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/nix-cache-info`)).rejects.toThrow("fetch failed");
  });

  it("finds nothing to rebuild the second time", async () => {
    const directory = await tempDirForTest("demo");
    const configFile = await prepareDemo(directory, { port: await findFreePort() });
    const first = await start(configFile);
    first.child.kill("SIGINT");
    await first.ended;
    await prepareDemo(directory, { port: await findFreePort() });

    const { lines } = await start(configFile);

    expect(lines.filter((line) => line.includes("host unchanged"))).toHaveLength(4);
    expect(lines.filter((line) => line.includes("host published"))).toEqual([]);
  });

  it("says in one sentence that the port is taken, before it builds anything", async () => {
    const directory = await tempDirForTest("demo");
    const port = await findFreePort();
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => {
      other.close();
    });
    const configFile = await prepareDemo(directory, { port });

    const { exitCode, stdout, stderr } = await execa(
      "node",
      [`${ROOT}/tooling/bootstrap/main.mjs`, "start", "--config", configFile],
      { reject: false },
    );

    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr.trim()).toMatch(/^127\.0\.0\.1 port \d+ is taken by another program: [^\n]*$/);
  });

  it("says what is wrong with a configuration", async () => {
    const { exitCode, stderr } = await execa(
      "node",
      [`${ROOT}/tooling/bootstrap/main.mjs`, "start", "--config", "/nonexistent/config.toml"],
      { reject: false },
    );

    expect(exitCode).toBe(78);
    expect(stderr).toContain("/nonexistent/config.toml cannot be used");
  });
});
