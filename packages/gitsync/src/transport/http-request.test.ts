import { describe, expect, it } from "vitest";

import { startServer } from "../../test/http-server.ts";
import { sendHttpRequest } from "./http-request.ts";

const request = { headers: {}, signal: AbortSignal.timeout(20_000) };

describe("sendHttpRequest", () => {
  it("ends a circle of redirects", async () => {
    const url = await startServer((_request, response) => response.writeHead(302, { location: "/" }).end());

    await expect(sendHttpRequest({ ...request, url })).rejects.toMatchObject({
      code: "ERR_GITSYNC_REPOSITORY",
      message: expect.stringContaining("more than 20"),
    });
  });

  it.each(["ftp://example.org/", "file:///etc/passwd", "http://["])(
    "does not follow to %s",
    async (location) => {
      const url = await startServer((_request, response) => response.writeHead(302, { location }).end());

      await expect(sendHttpRequest({ ...request, url })).rejects.toMatchObject({
        code: "ERR_GITSYNC_REPOSITORY",
      });
    },
  );

  it("does not post again elsewhere", async () => {
    const url = await startServer((_request, response) =>
      response.writeHead(307, { location: "/other" }).end(),
    );

    await expect(sendHttpRequest({ ...request, url, body: Buffer.from("wants") })).rejects.toMatchObject({
      code: "ERR_GITSYNC_REPOSITORY",
    });
  });
});
