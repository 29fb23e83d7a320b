import { requirePassword, serveGit } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { ENGINES, optionsFor } from "../test/engines.ts";
import { AUTHORITY_FILE, startServer, startTlsServer } from "../test/http-server.ts";
import { LFS_PATH, serveLfs } from "../test/lfs-server.ts";
import {
  createLfsUpstream,
  inspectLfs,
  inspectLfsClone,
  makeLfsEnvironment,
  makeLfsOptions,
} from "../test/lfs.ts";
import { createUpstream, environment, inspectCheckout, inspectUpstream } from "../test/repository.ts";
import { runSync } from "../test/start-sync.ts";
import { writeToken } from "../test/transports.ts";

const TOKEN = "sesame-0123456789";

/** How a machine trusts an authority of its own: Node reads one variable when it starts, git and git-lfs another. */
const TRUST = { NODE_EXTRA_CA_CERTS: AUTHORITY_FILE, GIT_SSL_CAINFO: AUTHORITY_FILE };

describe.each(ENGINES)("syncRepository by %s over https", (engine) => {
  const makeOptions = (
    url: string,
  ): ReturnType<ReturnType<typeof optionsFor>> & { env: Record<string, string> } => ({
    ...optionsFor(engine)(url),
    env: { ...environment, ...TRUST },
  });

  it("makes a checkout with a token, where the server's authority is trusted", async () => {
    const upstream = createUpstream();
    const url = `${await startTlsServer(requirePassword(TOKEN, serveGit(upstream)))}/upstream`;
    const options = makeOptions(url);

    const outcome = await runSync({ ...options, http: { tokenFile: writeToken(TOKEN) } });

    expect(outcome).toStrictEqual({ revision: inspectUpstream(upstream).revision });
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("sends nothing to a server whose authority is not trusted", async () => {
    const asked: unknown[] = [];
    const origin = await startTlsServer((request) => void asked.push(request.url));
    const options = { ...makeOptions(`${origin}/upstream`), env: environment };

    const outcome = await runSync({ ...options, http: { tokenFile: writeToken(TOKEN) } });

    expect(outcome).toMatchObject({ code: "ERR_GITSYNC_NETWORK" });
    expect(asked).toStrictEqual([]);
  });

  it.each([301, 302, 307])(
    "does not follow a redirect %i to http, with a token or without",
    async (status) => {
      const asked: unknown[] = [];
      const serve = serveGit(createUpstream());
      const target = await startServer((request, response) => {
        asked.push(request.headers.authorization ?? "nobody");
        serve(request, response);
      });
      const origin = await startTlsServer((request, response) =>
        response.writeHead(status, { location: `${target}${request.url}` }).end(),
      );
      const options = makeOptions(`${origin}/upstream`);

      const outcomes = [
        await runSync(options),
        await runSync({ ...options, http: { tokenFile: writeToken(TOKEN) } }),
      ];

      expect(outcomes).toMatchObject([
        { code: "ERR_GITSYNC_REPOSITORY" },
        { code: "ERR_GITSYNC_REPOSITORY" },
      ]);
      expect(asked).toStrictEqual([]);
    },
  );
});

describe("syncRepository with lfs over https", () => {
  it("brings the contents with a token, where the server's authority is trusted", async () => {
    const env = { ...(await makeLfsEnvironment()), ...TRUST };
    const upstream = createLfsUpstream(env);
    const origin = await startTlsServer(requirePassword(TOKEN, serveLfs(upstream, serveGit(upstream))));
    const options = makeLfsOptions(env, `${origin}/upstream`);

    await runSync({ ...options, http: { tokenFile: writeToken(TOKEN) } });

    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("does not follow the server of the contents to http", async () => {
    const env = { ...(await makeLfsEnvironment()), ...TRUST };
    const upstream = createLfsUpstream(env);
    const asked: unknown[] = [];
    const target = await startServer((request) => void asked.push(request.headers.authorization));
    const serve = requirePassword(TOKEN, serveGit(upstream));
    const origin = await startTlsServer((request, response) => {
      if (request.url?.startsWith(LFS_PATH) === true) {
        response.writeHead(307, { location: `${target}${request.url}` }).end();
      } else {
        serve(request, response);
      }
    });

    const options = makeLfsOptions(env, `${origin}/upstream`);
    const outcome = await runSync({ ...options, http: { tokenFile: writeToken(TOKEN) } });

    expect(outcome).toMatchObject({ code: "ERR_GITSYNC_LFS" });
    expect(asked).toStrictEqual([]);
  });
});
