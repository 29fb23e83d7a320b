import { chmodSync } from "node:fs";
import type { RequestListener } from "node:http";
import { dirname } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { startServer as startHttpServer } from "../../test/http-server.ts";
import { LFS_PATH, serveLfs } from "../../test/lfs-server.ts";
import { createLfsUpstream, inspectLfs, inspectLfsClone, makeLfsEnvironment } from "../../test/lfs.ts";
import { makeServedOptions, startServer } from "../../test/ssh.ts";
import { syncRepository } from "../index.ts";

/** What a forge hands out for a while to whoever has the key. */
const PASS = "Basic dGVtcG9yYXJ5OnBhc3M=";

let env: Record<string, string> = {};
beforeAll(async () => {
  env = await makeLfsEnvironment();
});

/** A forge's account: it serves fetches, and says over ssh how to reach the contents over http. */
function makeForgeCommand(answer: string): string {
  return `case "$SSH_ORIGINAL_COMMAND" in
"git-upload-pack "*) exec git-shell -c "$SSH_ORIGINAL_COMMAND" ;;
"git-lfs-authenticate "*download) ${answer} ;;
*) echo "unknown command" >&2; exit 1 ;;
esac`;
}

describe("syncRepository with lfs over ssh", () => {
  it("brings the contents from where git-lfs-authenticate says", async () => {
    const upstream = createLfsUpstream(env);
    chmodSync(dirname(upstream), 0o755);
    const serve = serveLfs(upstream, (_request, response) => response.writeHead(404).end());
    const check: RequestListener = (request, response) =>
      request.headers.authorization === PASS || request.url?.includes("/contents/") === true
        ? serve(request, response)
        : response.writeHead(403).end();
    const href = `${await startHttpServer(check)}${LFS_PATH}`;
    const answer = JSON.stringify({ href, header: { Authorization: PASS } });
    const server = await startServer({ command: makeForgeCommand(`echo '${answer}'`) });
    const served = makeServedOptions(server, upstream);
    const path = `${env["PATH"]}:${served.env?.["PATH"]}`;
    const options = { ...served, engine: "git", lfs: true, env: { ...env, PATH: path } } as const;

    await syncRepository(options);

    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("tells that the forge has none for this key", async () => {
    const upstream = createLfsUpstream(env);
    chmodSync(dirname(upstream), 0o755);
    const server = await startServer({ command: makeForgeCommand('echo "no LFS here" >&2; exit 1') });
    const served = makeServedOptions(server, upstream);
    const path = `${env["PATH"]}:${served.env?.["PATH"]}`;

    const outcome = syncRepository({ ...served, engine: "git", lfs: true, env: { ...env, PATH: path } });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_LFS" });
    await expect(outcome).rejects.toThrow(/no LFS here/);
  });
});
