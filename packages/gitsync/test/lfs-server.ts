import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";

import { toLfsObjectFile } from "../src/lfs/lfs-objects.ts";
import type { LfsPointer } from "../src/lfs/lfs-pointer.ts";

/** Where git-lfs looks for the server of a repository that is called `upstream`. */
export const LFS_PATH = "/upstream.git/info/lfs";

/**
 * Serves what git-lfs keeps of a repository by the batch API, and everything else as another listener says.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 */
export function serveLfs(upstream: string, serveOthers: RequestListener): RequestListener {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    if (pathname === `${LFS_PATH}/objects/batch`) {
      void answerBatch(upstream, request).then((answer) =>
        response.writeHead(200, { "content-type": "application/vnd.git-lfs+json" }).end(answer),
      );
    } else if (pathname.startsWith(`${LFS_PATH}/contents/`)) {
      const oid = pathname.split("/").at(-1) ?? "";
      response.end(readFileSync(toLfsObjectFile(join(upstream, ".git"), { oid, size: 0 })));
    } else {
      serveOthers(request, response);
    }
  };
}

async function answerBatch(upstream: string, request: IncomingMessage): Promise<string> {
  const origin = `${"encrypted" in request.socket ? "https" : "http"}://${request.headers.host}`;
  const objects = parseBatch(await json(request)).map((pointer) =>
    existsSync(toLfsObjectFile(join(upstream, ".git"), pointer))
      ? { ...pointer, actions: { download: { href: `${origin}${LFS_PATH}/contents/${pointer.oid}` } } }
      : { ...pointer, error: { code: 404, message: "Object does not exist" } },
  );
  return JSON.stringify({ transfer: "basic", objects });
}

function parseBatch(body: unknown): readonly LfsPointer[] {
  if (typeof body !== "object" || body === null || !("objects" in body) || !Array.isArray(body.objects)) {
    throw new TypeError("expected a request of the batch API");
  }
  return body.objects;
}
