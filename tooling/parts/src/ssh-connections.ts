import { spawn } from "node:child_process";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import process from "node:process";

import { execa } from "execa";

import { errnoOf } from "./files.ts";
import type { Sshd } from "./sshd.ts";

/** What happens to a connection once the server has sent so much over it. */
export interface Interruption {
  readonly type: "cut" | "stall";
  readonly afterBytes: number;
}

/** A port that leads to one sshd per connection. */
export interface Connections {
  readonly port: number;
  /** How many bytes the server has sent over each connection so far. */
  readonly sentBytes: readonly number[];
  /** Interrupts every later connection; undefined ends that. */
  readonly interrupt: (interruption: Interruption | undefined) => void;
  readonly close: () => Promise<void>;
}

/** Opens a loopback port that the system chooses, and hands each connection to an sshd of its own. */
export async function serveConnections(sshd: Sshd): Promise<Connections> {
  const sentBytes: number[] = [];
  const open = new Set<Connection>();
  let interruption: Interruption | undefined;
  const server = createServer((socket) => {
    const index = sentBytes.push(0) - 1;
    const count = (bytes: number): void => void (sentBytes[index] = bytes);
    const connection = connectSshd(sshd, socket, { interruption, count });
    open.add(connection);
    void connection.ended.then(() => open.delete(connection));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    sentBytes,
    interrupt: (next) => void (interruption = next),
    close: async () => {
      const closed = new Promise((settle) => server.close(settle));
      for (const connection of open) connection.kill();
      await Promise.all([...open].map(({ ended }) => ended));
      await closed;
      await killSessions(sshd);
    },
  };
}

interface Connection {
  readonly ended: Promise<unknown>;
  readonly kill: () => void;
}

interface Forwarding {
  readonly interruption: Interruption | undefined;
  /** Called with what was sent in all. */
  readonly count: (bytes: number) => void;
}

/** Either side may go away at any time; that ends both. */
function connectSshd(sshd: Sshd, socket: Socket, forwarding: Forwarding): Connection {
  const child = spawn("env", [...sshd.asUser, ...sshd.command], {
    env: sshd.env,
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  // sshd ends by itself once its client is gone.
  const hangUp = (): void => {
    socket.destroy();
    child.stdin.end();
  };
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  child.once("close", () => resolve());
  child.on("error", hangUp);
  child.stdin.on("error", hangUp);
  socket.on("error", hangUp).on("close", hangUp).pipe(child.stdin);
  const ended = forward(child.stdout, socket, forwarding).finally(hangUp);
  const kill = (): void => {
    killGroup(child.pid);
    hangUp();
  };
  return { ended: Promise.all([ended, exited]), kill };
}

async function forward(
  output: AsyncIterable<Uint8Array>,
  socket: Socket,
  forwarding: Forwarding,
): Promise<void> {
  const { type = "cut", afterBytes = Infinity } = forwarding.interruption ?? {};
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.once("close", resolve);
  let sent = 0;
  for await (const chunk of output) {
    const passed = chunk.subarray(0, afterBytes - sent);
    sent += passed.length;
    forwarding.count(sent);
    if (!socket.write(passed)) await Promise.race([closed, drained(socket)]);
    if (sent >= afterBytes) break;
  }
  if (sent >= afterBytes && type === "stall") await closed;
  socket.end();
  await closed;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("drain", resolve));
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (errnoOf(error) !== "ESRCH") throw error;
  }
}

/** Sessions leave sshd's group, and may outlive it; they are known by their environment, which only their user may read. */
async function killSessions({ asUser, mark }: Sshd): Promise<void> {
  const script = `for file in /proc/[0-9]*/environ; do
  if grep -qsF "$0" "$file"; then pid="\${file#/proc/}"; kill -KILL "\${pid%/environ}"; fi
done`;
  await execa("env", [...asUser, "sh", "-c", script, mark], { reject: false });
}
