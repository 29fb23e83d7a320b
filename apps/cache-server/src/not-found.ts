import type { FastifyReply } from "fastify";

/** Answers that there is no such thing, which makes a client look elsewhere or build. */
export function replyNotFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).type("text/plain; charset=utf-8").send("not found\n");
}
