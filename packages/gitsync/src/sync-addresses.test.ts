import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ENGINES, optionsFor } from "../test/engines.ts";
import { createUpstream, inspectCheckout, inspectUpstream, makeTempDir, runGit } from "../test/repository.ts";
import { readCheckout, syncRepository } from "./index.ts";

describe.each(ENGINES)("syncRepository by %s", (engine) => {
  const makeOptions = optionsFor(engine);

  it.each(["file://", "file://localhost"])("takes %s", async (prefix) => {
    const upstream = createUpstream();
    const options = makeOptions(`${prefix}${upstream}`);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect((await readCheckout(options.directory))?.url).toBe(options.url);
  });

  it("takes a bare repository whose path has spaces and quotes", async () => {
    const upstream = createUpstream();
    const bare = join(makeTempDir(), `it's a "bare" one.git`);
    runGit(upstream, "clone", "--quiet", "--bare", upstream, bare);
    const options = makeOptions(bare);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });
});
