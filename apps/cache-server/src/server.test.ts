import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { get, type IncomingMessage, Agent } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KEY_1, KEY_2 } from "../test/fixtures.ts";
import { hashPartOf, makePopulatedStore, type PopulatedStore } from "../test/populated-store.ts";
import { startTestServer } from "../test/test-server.ts";
import { StartError } from "./start-error.ts";

let nix: PopulatedStore;

beforeAll(() => {
  nix = makePopulatedStore();
});

afterAll(() => nix[Symbol.dispose]());

const narUrl = (path: string): string => `/nar/${hashPartOf(path)}.nar`;
const narinfoUrl = (path: string): string => `/${hashPartOf(path)}.narinfo`;
const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

describe("startServer", () => {
  it("refuses a client whose address is not allowed", async () => {
    await using server = await startTestServer(nix, { cacheServer: { allow: ["10.0.0.0/8"] } });

    const response = await fetch(`${server.address}/nix-cache-info`);

    expect([response.status, await response.text()]).toEqual([403, expect.stringMatching(/^forbidden/)]);
  });

  it("streams a large NAR whole", async () => {
    await using server = await startTestServer(nix);

    const response = await fetch(server.address + narUrl(nix.large));

    const expected = execFileSync("nix-store", ["--dump", nix.large], { maxBuffer: 128 * 1024 * 1024 });
    expect(Buffer.from(await response.arrayBuffer()).equals(expected)).toBe(true);
  });

  it("signs with every key, and logs the public ones", async () => {
    const files = [KEY_1, KEY_2].map(({ secret }, index) => writeKey(`key-${index}`, secret));
    await using server = await startTestServer(nix, { cacheServer: { signingKeyFiles: files } });

    const narinfo = await (await fetch(server.address + narinfoUrl(nix.leaf))).text();

    expect(narinfo.match(/^Sig: cache\.example\.org-[12]:/gm)).toHaveLength(2);
    expect(server.events[0]).toMatchObject({ msg: "listening", publicKeys: [KEY_1.public, KEY_2.public] });
    expect(JSON.stringify(server.events)).not.toContain(KEY_1.secret.slice(-60));
  });

  it("warns when it has no key", async () => {
    await using server = await startTestServer(nix);

    const warning = { level: 40, msg: "no signing key: only stored signatures are served" };
    expect(server.events).toContainEqual(expect.objectContaining(warning));
  });

  it("serves closures of generations only when a builder publishes, and at once", async () => {
    const rootsDir = mkdtempSync(join(nix.root, "roots-"));
    mkdirSync(join(rootsDir, "host"));
    const keyFile = writeKey("published", KEY_1.secret);
    const builder = { flakeRepo: "/srv/flake", hosts: ["host"], rootsDir, signingKeyFile: keyFile };
    await using server = await startTestServer(nix, { builder });
    const paths = [nix.tree, nix.leaf, nix.large];
    const statuses = (): Promise<number[]> =>
      Promise.all(
        paths
          .flatMap((path) => [narinfoUrl(path), narUrl(path)])
          .map((url) => statusOf(server.address + url)),
      );

    const before = await statuses();
    symlinkSync(nix.tree, join(rootsDir, "host", "1"));
    const during = await statuses();
    rmSync(join(rootsDir, "host", "1"));
    const after = await statuses();

    expect(before).toEqual([404, 404, 404, 404, 404, 404]);
    expect(during).toEqual([200, 200, 200, 200, 404, 404]);
    expect(after).toEqual(before);
  });

  it("says what is wrong when it cannot start", async () => {
    const elsewhere = { ...nix, stateDir: nix.root };
    const nowhere = { ...nix, storeDir: join(nix.root, "nowhere") };
    const builder = {
      flakeRepo: "/srv/flake",
      hosts: ["host"],
      rootsDir: writeKey("file", ""),
      signingKeyFile: "",
    };
    const unreadable = { builder: { ...builder, signingKeyFile: writeKey("start", KEY_1.secret) } };
    const keyless = { cacheServer: { signingKeyFiles: ["/nonexistent/key"] } };

    await expect(startTestServer(elsewhere)).rejects.toThrow(StartError);
    await expect(startTestServer(elsewhere)).rejects.toThrow(
      `there is no ${nix.root}/db/db.sqlite; check stateDir`,
    );
    await expect(startTestServer(nowhere)).rejects.toThrow("there is no store at");
    await expect(startTestServer(nix, unreadable)).rejects.toThrow(
      "what is published cannot be read (ENOTDIR",
    );
    await expect(startTestServer(nix, keyless)).rejects.toThrow("change cacheServer.signingKeyFiles");
  });
});

describe("a download", () => {
  it("ends in an error, not short, when the path vanishes in the middle", async () => {
    await using server = await startTestServer(nix);
    const response = await begin(server.address + narUrl(nix.large));
    const last = join(nix.large, "z-last");
    execFileSync("chmod", ["u+w", nix.large]);

    renameSync(last, join(nix.root, "z-last"));

    await expect(readSize(response)).rejects.toThrow("aborted");
    renameSync(join(nix.root, "z-last"), last);
    expect(server.events).toContainEqual(
      expect.objectContaining({ level: 40, msg: "download broken off", path: nix.large }),
    );
  });

  it("closes its files when the client goes away", async () => {
    await using server = await startTestServer(nix);
    const response = await begin(server.address + narUrl(nix.large));
    const during = countFilesBelow(nix.large);

    response.destroy();

    expect(during).toBeGreaterThan(0);
    await expect.poll(() => countFilesBelow(nix.large)).toBe(0);
  });

  it("is logged as incomplete when the client goes away", async () => {
    await using server = await startTestServer(nix);
    const url = narUrl(nix.large);
    const response = await begin(server.address + url);

    response.destroy();

    await expect
      .poll(() => server.events)
      .toContainEqual(expect.objectContaining({ msg: "request", url, status: 200, complete: false }));
  });

  it("holds no files before its turn when many are asked for in one go", async () => {
    await using server = await startTestServer(nix);
    const { port } = new URL(server.address);
    const socket = connect(Number(port), "127.0.0.1").pause();
    socket.write(`GET ${narUrl(nix.large)} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(50));

    // A download that waits for its client holds the large file alone; what it read ahead of that is closed or queued.
    const largeFile = join(nix.large, "a-large");
    await expect.poll(() => countFilesBelow(largeFile)).toBeGreaterThan(0);
    await (await fetch(server.address + narUrl(nix.tree))).arrayBuffer();
    const open = countFilesBelow(largeFile);
    socket.destroy();

    expect(open).toBe(1);
    await expect.poll(() => countFilesBelow(nix.large)).toBe(0);
  });
});

describe("stop", () => {
  it("lets a running download end, and nobody new in", async () => {
    const server = await startTestServer(nix);
    const response = await begin(server.address + narUrl(nix.large));

    const stopped = server.stop();
    await expect.poll(async () => fetch(server.address).catch(() => "refused")).toBe("refused");
    const size = await readSize(response);
    await stopped;

    expect(size).toBe(Number(response.headers["content-length"]));
  });

  it("does not wait for a client that merely keeps its connection", async () => {
    using agent = new DisposableAgent({ keepAlive: true });
    const server = await startTestServer(nix, { graceMs: 100_000 });
    const response = await begin(server.address + narUrl(nix.large), agent);
    const started = performance.now();

    const stopped = server.stop();
    await readSize(response);
    await Promise.all([stopped, server.stop()]);

    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it("breaks off a download that takes longer than it may", async () => {
    const server = await startTestServer(nix, { graceMs: 200 });
    const response = await begin(server.address + narUrl(nix.large));

    await server.stop();

    await expect(readSize(response)).rejects.toThrow("aborted");
  });
});

class DisposableAgent extends Agent implements Disposable {
  [Symbol.dispose](): void {
    this.destroy();
  }
}

/** Asks, and reads nothing of the body yet. */
async function begin(url: string, agent?: Agent): Promise<IncomingMessage> {
  const asked = get(url, agent ? { agent } : {});
  return new Promise((resolve, reject) => {
    asked.once("response", resolve).once("error", reject);
  });
}

async function readSize(response: IncomingMessage): Promise<number> {
  return (await buffer(response)).length;
}

function writeKey(name: string, secret: string): string {
  const file = join(nix.root, name);
  writeFileSync(file, secret);
  return file;
}

/** How many descriptors of this process are open below a directory (proc(5)). */
function countFilesBelow(directory: string): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
    } catch {
      // The descriptor of the listing itself is closed by now.
      return false;
    }
  }).length;
}
