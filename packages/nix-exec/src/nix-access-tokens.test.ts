import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createPrivateStore, NIX_UNDER_TEST, type PrivateStore } from "../test/private-store.ts";
import { openNix } from "./nix.ts";

const TOKEN = "ghp_0123456789abcdefghij";

describe(`accessTokensFile and ${NIX_UNDER_TEST}`, () => {
  let store: PrivateStore;
  let tokensFile: string;

  beforeAll(async () => {
    store = await createPrivateStore();
    tokensFile = `${store.directory}/tokens`;
    await writeFile(
      tokensFile,
      `# forges\nextra-access-tokens = github.com=${TOKEN} gitlab.com=${TOKEN}-lab\n`,
    );
  });
  afterAll(async () => store[Symbol.asyncDispose]());

  it("adds its tokens to those of the configuration, and wins", async () => {
    const settings = { "access-tokens": "github.com=old-token sr.ht=other-token" };
    const nix = await openNix({ ...store.options, settings, accessTokensFile: tokensFile });

    expect(await nix.showSettings()).toMatchObject({
      "access-tokens": { "github.com": TOKEN, "gitlab.com": `${TOKEN}-lab`, "sr.ht": "other-token" },
    });
  });

  it("is used by the fetcher, on no command line, and hidden where Nix prints it", async () => {
    await using proxy = await startProxy();
    const env = { ...store.options.env, https_proxy: `http://127.0.0.1:${proxy.port}` };
    const settings = { "download-attempts": "1" };
    const nix = await openNix({ ...store.options, env, settings, accessTokensFile: tokensFile });

    const error: unknown = await nix
      .flakeMetadata({ flakeRef: "gitlab:a/b" })
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: "ERR_NIX_FETCH",
      // A GitLab token without the type before it: Nix warns, and prints the token.
      stderrTail: expect.arrayContaining([expect.stringContaining("Unrecognized GitLab token type ***")]),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain(TOKEN);
    expect(proxy.commandLines).toContainEqual(expect.stringContaining("flake metadata"));
    expect(proxy.commandLines.join("\n")).not.toContain(TOKEN);
  });
});

interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Of every process that could be read while a request was waiting. */
  readonly commandLines: readonly string[];
}

/** Creates a proxy that lets nothing through. */
async function startProxy(): Promise<Proxy> {
  const commandLines: string[] = [];
  const server = createServer();
  server.on("connect", (_request, socket) => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      commandLines.push(readCommandLine(pid));
    }
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" ? (address?.port ?? 0) : 0,
    commandLines,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

/** Empty for a process that has ended since. */
function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
