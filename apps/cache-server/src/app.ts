import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";

import type { IsAllowed } from "./allow.ts";
import type { LookUp } from "./look-up.ts";
import { replyNotFound } from "./not-found.ts";
import { indexPage } from "./routes/index-page.ts";
import { nar } from "./routes/nar.ts";
import { narinfo } from "./routes/narinfo.ts";
import { nixCacheInfo } from "./routes/nix-cache-info.ts";
import type { SigningKey } from "./signer.ts";

/** What the server is made of. */
export interface AppDeps {
  /** Logical store directory. */
  readonly storeDir: string;
  /** Where the store's files are. */
  readonly realStoreDir: string;
  readonly priority: number;
  readonly keys: readonly SigningKey[];
  readonly isAllowed: IsAllowed;
  readonly lookUp: LookUp;
  readonly logger: Logger;
}

/** A request is a line of headers; whoever needs longer holds a connection for nothing. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A Nix client opens 25; what each download holds in memory has to fit, whoever opens more. */
const MAX_CONNECTIONS = 512;

/** Nix gives up a transfer that stalls for 5 minutes (stalled-download-timeout); nobody waits for the rest. */
const IDLE_TIMEOUT_MS = 10 * 60_000;

/**
 * Makes the HTTP application: the address is looked at before anything else, and whatever cannot be served is 404.
 *
 * An error, of the database say, is 404 as well: Nix then asks its next cache or builds, while after any 5xx it
 * tries again for seconds and then fails the user's build, even where it could have built everything.
 */
export function createApp(deps: AppDeps): FastifyInstance {
  const { isAllowed, logger } = deps;
  const app = fastify({
    // Fastify's own messages are not constant; what matters is logged below.
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    // A client in the middle of a build keeps its connection, and would take 503 for a failure.
    return503OnClosing: false,
    // Bad URLs are answered before hooks run.
    frameworkErrors: (_error, request, reply) => {
      if (refuse(request, reply, isAllowed) === undefined) replyNotFound(reply);
    },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.addHook("onRequest", async (request, reply) => {
    logOnClose(request, reply, logger);
    return refuse(request, reply, isAllowed);
  });
  app.setErrorHandler((err, request, reply) => {
    logger.error({ err, url: request.url }, "request failed");
    return replyNotFound(reply);
  });
  app.setNotFoundHandler((_request, reply) => replyNotFound(reply));

  app.register(nixCacheInfo, deps);
  app.register(narinfo, deps);
  app.register(nar, deps);
  app.register(indexPage, deps);
  return app;
}

/** Answers who may not ask, and what may not be asked; undefined when neither. */
function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  isAllowed: IsAllowed,
): FastifyReply | undefined {
  if (!isAllowed(request.socket.remoteAddress)) {
    const text = "forbidden: this address is not in cacheServer.allow\n";
    return reply.code(403).type("text/plain; charset=utf-8").send(text);
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    const text = "method not allowed: this cache is read-only\n";
    return reply.code(405).header("allow", "GET, HEAD").type("text/plain; charset=utf-8").send(text);
  }
  return undefined;
}

/** A response that breaks off is closed without being finished, and Fastify's own hook never hears of it. */
function logOnClose(request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const { method, url } = request;
  const { remoteAddress: address } = request.socket;
  reply.raw.once("close", () => {
    const fields = { method, url, status: reply.statusCode, address };
    const complete = reply.raw.writableFinished;
    logger.info({ ...fields, ms: Math.round(reply.elapsedTime), complete }, "request");
  });
}
