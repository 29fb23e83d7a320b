import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KEY_1 } from "../test/fixtures.ts";
import { makePopulatedStore, type PopulatedStore } from "../test/populated-store.ts";

const MAIN = ["--conditions=@nix-cache/source", join(import.meta.dirname, "main.ts")];

let nix: PopulatedStore;
const children: ChildProcess[] = [];

beforeAll(() => {
  nix = makePopulatedStore();
});

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  nix[Symbol.dispose]();
});

describe("nix-cache-server", () => {
  it.each([
    ["--help", "Usage: nix-cache-server"],
    ["--version", "0.0.0"],
  ])("answers %s", async (option, answer) => {
    const { code, stdout } = await run(option);

    expect([code, stdout]).toEqual([0, expect.stringContaining(answer)]);
  });

  it.each([["--confg"], ["--config"], ["extra"]])("exits with 2 for the command line %s", async (...args) => {
    expect((await run(...args)).code).toBe(2);
  });

  it("exits with 78 and every problem of the configuration", async () => {
    const file = writeConfig("bad.toml", '[cacheServer]\nport = "x"\nallow = ["nonsense"]\nprot = 1\n');

    const { code, stdout, stderr } = await run("--config", file);

    expect([code, stdout]).toEqual([78, ""]);
    expect(stderr).toMatch(/^nix-cache-server: \S+bad\.toml cannot be used:\n(  cacheServer\S+: .+\n){3}$/);
  });

  it("exits with 78 when there is no configuration", async () => {
    const { code, stderr } = await run("--config", "/nonexistent/config.toml");

    expect(code).toBe(78);
    expect(stderr).toMatch(
      /^nix-cache-server: \/nonexistent\/config\.toml .*\n  .*\n  -> write it, .* --config FILE\n$/,
    );
  });

  it("exits with 1 and one sentence when the port is taken", async () => {
    await using taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const file = writeConfig(
      "taken.toml",
      `${nixSection()}[cacheServer]\nhost = "127.0.0.1"\nport = ${port}\n`,
    );

    const { code, stdout, stderr } = await run("--config", file);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      `nix-cache-server: 127.0.0.1 port ${port} is taken by another program: stop that one, or change cacheServer.port\n`,
    );
  });

  it.each(["SIGTERM", "SIGINT"] as const)("serves until %s, and exits with 0", async (signal) => {
    const file = writeConfig("serve.toml", `${nixSection()}[cacheServer]\nhost = "127.0.0.1"\nport = 0\n`);
    const child = start(["--config", file]);
    const events = readEvents(child);
    const { value: listening } = await events.next();

    const response = await fetch(`${listening?.address}/nix-cache-info`);
    child.kill(signal);
    const [code] = await once(child, "exit");

    expect([listening?.msg, response.status, code]).toEqual(["listening", 200, 0]);
    expect(await readMessages(events)).toEqual([
      "no signing key: only stored signatures are served",
      "request",
      "stopping",
      "stopped",
    ]);
  });

  it("serves on a unix socket that systemd passed", async () => {
    const path = join(nix.root, "passed.sock");
    const socket = createServer().listen(path);
    await once(socket, "listening");
    const child = start(["--config", writeConfig("passed.toml", nixSection())], descriptorOf(socket));
    await readEvents(child).next();
    // This process would take connections as well, and removes the file that it knows when it stops.
    const socketPath = `${path}.passed`;
    renameSync(path, socketPath);
    await socket[Symbol.asyncDispose]();

    const [response]: IncomingMessage[] = await once(
      request({ socketPath, path: "/nix-cache-info" }).end(),
      "response",
    );
    child.kill("SIGTERM");
    await once(child, "exit");

    // A connection over a unix socket has no address, and is allowed.
    expect(response?.statusCode).toBe(200);
  });

  it("serves on a socket that systemd passed", async () => {
    const socket = createServer().listen(0, "127.0.0.1");
    await once(socket, "listening");
    const keyFile = writeConfig("key", KEY_1.secret);
    const section = `[cacheServer]\nhost = "unix:/nonexistent/socket"\nsigningKeyFiles = ["${keyFile}"]\n`;
    const file = writeConfig("systemd.toml", nixSection() + section);
    const child = start(["--config", file], descriptorOf(socket));
    const { value: listening } = await readEvents(child).next();
    // Else this process would take connections as well.
    await socket[Symbol.asyncDispose]();

    const response = await fetch(`${listening?.address}/`);
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");

    expect([response.status, await response.text(), code]).toEqual([
      200,
      expect.stringContaining(KEY_1.public),
      0,
    ]);
  });
});

interface LogEvent {
  readonly msg: string;
  readonly address?: string;
}

/** Starts the program; with a socket, as systemd does (sd_listen_fds(3)). */
function start(args: readonly string[], socket?: number): ChildProcess {
  const command = [process.execPath, ...MAIN, ...args];
  const script = socket === undefined ? 'exec "$@"' : 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"';
  const inherited = socket === undefined ? [] : [socket];
  const child = spawn("/bin/sh", ["-c", script, "sh", ...command], {
    stdio: ["ignore", "pipe", "pipe", ...inherited],
  });
  children.push(child);
  return child;
}

async function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(args);
  const [stdout, stderr, [code]] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    once(child, "exit"),
  ]);
  return { code, stdout, stderr };
}

async function readAll(stream: ChildProcess["stdout"]): Promise<string> {
  return stream === null ? "" : text(stream);
}

async function* readEvents({ stdout }: ChildProcess): AsyncGenerator<LogEvent, undefined> {
  if (stdout === null) return;
  for await (const line of createInterface({ input: stdout })) yield JSON.parse(line);
}

async function readMessages(events: AsyncIterable<LogEvent>): Promise<string[]> {
  const messages: string[] = [];
  for await (const event of events) messages.push(event.msg);
  return messages;
}

function nixSection(): string {
  return `[nix]\nstoreDir = "${nix.storeDir}"\nstateDir = "${nix.stateDir}"\n`;
}

function writeConfig(name: string, content: string): string {
  const file = join(nix.root, name);
  writeFileSync(file, content);
  return file;
}

/** Node keeps the descriptor of a listening socket to itself. */
function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, "_handle");
  const hasDescriptor = typeof handle === "object" && handle !== null && "fd" in handle;
  if (!hasDescriptor || typeof handle.fd !== "number") throw new Error("expected a listening socket");
  return handle.fd;
}
