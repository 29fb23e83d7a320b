import { once } from "node:events";
import { lstatSync, unlinkSync } from "node:fs";
import { connect, type ListenOptions } from "node:net";

import type { CacheServerConfig } from "@nix-cache/config";
import type { FastifyInstance } from "fastify";

import { StartError } from "./start-error.ts";

/** Where to listen: a socket that systemd opened, a unix socket, or an address and a port. */
export type ListenTarget =
  | { readonly type: "systemd" }
  | { readonly type: "unix"; readonly path: string }
  | { readonly type: "tcp"; readonly host: string; readonly port: number };

/** The first descriptor that systemd passes: SD_LISTEN_FDS_START, sd_listen_fds(3). */
const SYSTEMD_FD = 3;

const ANY_IPV4 = "0.0.0.0";

/** A machine without IPv6, or with it switched off, gives one of these for `::`. */
const NO_IPV6 = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** Decides where to listen; a socket that systemd passed to this very process goes before the configuration. */
export function chooseListenTarget(
  { host, port }: Pick<CacheServerConfig, "host" | "port">,
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): ListenTarget {
  const isPassed = env["LISTEN_PID"] === String(pid) && Number(env["LISTEN_FDS"]) >= 1;
  if (isPassed) return { type: "systemd" };
  if (host.startsWith("unix:")) return { type: "unix", path: host.slice("unix:".length) };
  return { type: "tcp", host, port };
}

/**
 * Begins to listen.
 *
 * @returns where: `http://address:port`, or the path of a unix socket
 * @throws {StartError} when that cannot be, with the way out
 */
export async function listen(app: FastifyInstance, target: ListenTarget): Promise<string> {
  try {
    return await listenOn(app, target);
  } catch (cause) {
    throw new StartError(explain(cause, target), { cause });
  }
}

async function listenOn(app: FastifyInstance, target: ListenTarget): Promise<string> {
  if (target.type === "tcp") return listenTcp(app, target);
  if (target.type === "unix") {
    await removeStaleSocket(target.path);
    // Whoever may enter the directory may connect: a reverse proxy is another user.
    return app.listen({ path: target.path, readableAll: true, writableAll: true });
  }
  return listenPlainly(app, { fd: SYSTEMD_FD });
}

async function listenTcp(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> {
  if (host === ANY_IPV4) return listenPlainly(app, { host, port });
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if (host !== "::" || !NO_IPV6.has(errorCode(error))) throw error;
    return listenPlainly(app, { host: ANY_IPV4, port });
  }
}

/**
 * Listens without Fastify, which lists the machine's addresses once it listens on all of IPv4's: a hardened service has no
 * AF_NETLINK, and with it not the right to. Fastify also binds localhost besides a descriptor, and knows no unix socket
 * that is handed over.
 */
async function listenPlainly(
  app: FastifyInstance,
  options: ListenOptions & { fd?: number },
): Promise<string> {
  await app.ready();
  app.server.listen(options);
  await once(app.server, "listening");
  const address = app.server.address();
  if (address === null || typeof address === "string") return address ?? "unix socket";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

/** Removes the socket of a server that ended without doing so, but not that of one that runs. */
async function removeStaleSocket(path: string): Promise<void> {
  const isSocket = lstatSync(path, { throwIfNoEntry: false })?.isSocket();
  if (isSocket === true && !(await answers(path))) unlinkSync(path);
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    if (errorCode(error) === "ECONNREFUSED") return false;
    throw error;
  } finally {
    socket.destroy();
  }
}

function explain(cause: unknown, target: ListenTarget): string {
  const place = describeTarget(target);
  const key = target.type === "tcp" ? "cacheServer.port" : "cacheServer.host";
  switch (errorCode(cause)) {
    case "EADDRINUSE":
      return `${place} is taken by another program: stop that one, or change ${key}`;
    case "EACCES": {
      // For a unix socket, libuv says the same when the directory is missing.
      const isTcp = target.type === "tcp";
      const advice = isTcp
        ? "set cacheServer.port to 1024 or more"
        : "make its directory exist and be writable";
      return `this user may not listen on ${place}: ${advice}`;
    }
    case "EADDRNOTAVAIL":
      return `this machine does not have the address of ${place}: set cacheServer.host to one that it has`;
    default:
      return `cannot listen on ${place} (${String(cause)}): change ${key}`;
  }
}

function describeTarget(target: ListenTarget): string {
  if (target.type === "systemd") return "the socket that systemd passed";
  return target.type === "unix" ? target.path : `${target.host} port ${target.port}`;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
