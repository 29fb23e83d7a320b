import { createServer } from "node:http";
import process from "node:process";

import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

import { ROOT } from "../support/places.ts";
import { tempDirForTest } from "../support/temp-dir.ts";
import { listSteps, readWorkflows } from "./read-workflows.ts";

const RELEASE = (await readWorkflows("github")).find(({ file }) => file.endsWith("/release.yml"));

/** A registry that takes everything, and what it was asked. */
async function startRegistry(): Promise<{ readonly address: string; readonly requests: readonly string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => response.writeHead(request.method === "PUT" ? 201 : 404).end("{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("expected a TCP port");
  return { address: `http://127.0.0.1:${bound.port}/`, requests };
}

/** Publishes a library from a machine that cannot prove where it is from. */
async function publish(registry: string, settings: Readonly<Record<string, string>>): Promise<string> {
  const home = await tempDirForTest("publish");
  const { all } = await execa("pnpm", ["publish", "--no-git-checks", "--registry", registry], {
    cwd: `${ROOT}/packages/retention`,
    env: { PATH: process.env["PATH"], HOME: home, ...settings },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return all;
}

describe("release.yml", () => {
  it("publishes nothing that npm cannot trace to where it was built", async () => {
    const { address, requests } = await startRegistry();
    const publishing = listSteps(RELEASE ?? { jobs: [] }).filter(({ uses }) =>
      uses?.startsWith("changesets/action/publish@"),
    );

    const answers = await Promise.all(publishing.map(({ env = {} }) => publish(address, env)));

    expect(answers).toEqual([expect.stringContaining("provenance generation is not supported")]);
    expect(requests).toEqual([]);
  });

  it("would publish without a trace if it did not say so", async () => {
    const { address, requests } = await startRegistry();

    await publish(address, {});

    expect(requests).toContain("PUT /@nix-cache%2fretention");
  });

  it("sets versions and publishes in different jobs, each with its rights alone", () => {
    const rights = RELEASE?.jobs.map(({ name, job }) => [name, Object.keys(job.permissions ?? {})]);

    expect(rights).toEqual([
      ["select", ["contents"]],
      ["version", ["contents", "pull-requests"]],
      ["pack", ["contents"]],
      ["publish", ["contents", "id-token"]],
    ]);
  });
});
