import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:net";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { fastify, type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { chooseListenTarget, listen } from "./listen.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "listen-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("chooseListenTarget", () => {
  it("takes the address and port of the configuration", () => {
    expect(chooseListenTarget({ host: "::", port: 5000 }, {}, 7)).toEqual({
      type: "tcp",
      host: "::",
      port: 5000,
    });
  });

  it("takes a unix socket", () => {
    const target = chooseListenTarget({ host: "unix:/run/cache.sock", port: 5000 }, {}, 7);

    expect(target).toEqual({ type: "unix", path: "/run/cache.sock" });
  });

  it("takes a socket that systemd passed to this process, and to no other", () => {
    const config = { host: "::", port: 5000 };

    expect(chooseListenTarget(config, { LISTEN_PID: "7", LISTEN_FDS: "1" }, 7).type).toBe("systemd");
    expect(chooseListenTarget(config, { LISTEN_PID: "8", LISTEN_FDS: "1" }, 7).type).toBe("tcp");
    expect(chooseListenTarget(config, { LISTEN_PID: "7", LISTEN_FDS: "0" }, 7).type).toBe("tcp");
    expect(chooseListenTarget(config, { LISTEN_PID: "7" }, 7).type).toBe("tcp");
  });
});

describe("listen", () => {
  it("listens on an address and tells which port it got", async () => {
    await using app = makeApp();

    const address = await listen(app, { type: "tcp", host: "127.0.0.1", port: 0 });

    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(address)).text()).toBe("hello");
  });

  it.each(["EAFNOSUPPORT", "EADDRNOTAVAIL"])("takes IPv4 alone where IPv6 gives %s", async (code) => {
    await using app = makeApp();
    // Stands for a kernel without IPv6, which a test cannot have.
    Object.assign(app, {
      async listen() {
        throw Object.assign(new Error("no IPv6"), { code });
      },
    });

    const address = await listen(app, { type: "tcp", host: "::", port: 0 });

    expect(await (await fetch(address)).text()).toBe("hello");
  });

  it("listens on all of IPv4's addresses without asking for them, which a hardened service may not", async () => {
    const listing = vi.spyOn(os, "networkInterfaces").mockImplementation(() => {
      throw new Error("uv_interface_addresses returned Unknown system error 97");
    });
    await using app = makeApp();

    const address = await listen(app, { type: "tcp", host: "0.0.0.0", port: 0 });

    expect(await (await fetch(address)).text()).toBe("hello");
    listing.mockRestore();
  });

  it("says that a port of all of IPv4's addresses is taken", async () => {
    await using taken = createServer().listen(0, "0.0.0.0");
    await once(taken, "listening");
    await using app = makeApp();

    await expect(listen(app, { type: "tcp", host: "0.0.0.0", port: portOf(taken) })).rejects.toThrow(
      "is taken by another program",
    );
  });

  it("listens on a unix socket that every user may connect to, and removes it at the end", async () => {
    const path = join(directory, "socket");
    const app = makeApp();

    await listen(app, { type: "unix", path });

    expect(await getOverUnix(path)).toBe("hello");
    expect(statSync(path).mode & 0o777).toBe(0o666);
    await app.close();
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it("takes the place of a server that left its socket behind", async () => {
    const path = join(directory, "socket");
    await leaveStaleSocket(path);
    await using app = makeApp();

    await listen(app, { type: "unix", path });

    expect(await getOverUnix(path)).toBe("hello");
  });

  it("says that a port is taken, and the way out", async () => {
    await using taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const port = portOf(taken);
    await using app = makeApp();

    await expect(listen(app, { type: "tcp", host: "127.0.0.1", port })).rejects.toThrow(
      `127.0.0.1 port ${port} is taken by another program: stop that one, or change cacheServer.port`,
    );
  });

  it("does not take the unix socket of a server that runs", async () => {
    const path = join(directory, "socket");
    await using first = makeApp();
    await using second = makeApp();
    await listen(first, { type: "unix", path });

    await expect(listen(second, { type: "unix", path })).rejects.toThrow(
      `${path} is taken by another program`,
    );
    expect(await getOverUnix(path)).toBe("hello");
  });

  it("does not remove a file that is no socket", async () => {
    const path = join(directory, "file");
    writeFileSync(path, "precious");
    await using app = makeApp();

    await expect(listen(app, { type: "unix", path })).rejects.toThrow(`${path} is taken`);
    expect(statSync(path).size).toBe(8);
  });

  it.each([
    [
      "an address that is not this machine's",
      { type: "tcp", host: "192.0.2.1", port: 0 },
      "set cacheServer.host",
    ],
    [
      "a directory that is not there",
      { type: "unix", path: "/nonexistent/socket" },
      "make its directory exist",
    ],
  ] as const)("says what to do about %s", async (_, target, advice) => {
    await using app = makeApp();

    await expect(listen(app, target)).rejects.toThrow(advice);
  });
});

function makeApp(): FastifyInstance {
  const app = fastify();
  app.get("/", async () => "hello");
  return app;
}

async function getOverUnix(socketPath: string): Promise<string> {
  const [response]: IncomingMessage[] = await once(request({ socketPath, path: "/" }).end(), "response");
  return response ? text(response) : "";
}

/** A socket stays behind when its server is killed; renaming hides it from the server's own removal. */
async function leaveStaleSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.new`);
  await once(server, "listening");
  renameSync(`${path}.new`, path);
  await server[Symbol.asyncDispose]();
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
