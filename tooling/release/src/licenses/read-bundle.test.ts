import { describe, expect, it } from "vitest";

import { listPackages } from "./read-bundle.ts";

const APP = "/checkout/apps/one";

function bundle(inputs: Readonly<Record<string, number>>): Parameters<typeof listPackages>[0] {
  const entries = Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }]);
  return { outputs: { "dist/main.js": { inputs: Object.fromEntries(entries) } } };
}

describe("listPackages", () => {
  it("finds the package of each file, scoped or nested", () => {
    const metafile = bundle({
      "../../node_modules/.pnpm/a@1.0.0/node_modules/a/lib/x.js": 10,
      "../../node_modules/.pnpm/@s+b@2.0.0/node_modules/@s/b/index.js": 10,
      "node_modules/c/node_modules/d/index.js": 10,
    });

    expect(listPackages(metafile, APP).map(({ directory }) => directory)).toEqual([
      "/checkout/apps/one/node_modules/c/node_modules/d",
      "/checkout/node_modules/.pnpm/@s+b@2.0.0/node_modules/@s/b",
      "/checkout/node_modules/.pnpm/a@1.0.0/node_modules/a",
    ]);
  });

  it("leaves out the repository's own files and what was not used", () => {
    const metafile = bundle({
      "src/main.ts": 10,
      "../../packages/nar/src/index.ts": 10,
      "../../node_modules/.pnpm/a@1.0.0/node_modules/a/index.js": 0,
    });

    expect(listPackages(metafile, APP)).toEqual([]);
  });

  it("tells two versions of a package apart", () => {
    const metafile = bundle({
      "../../node_modules/.pnpm/a@1.0.0/node_modules/a/index.js": 10,
      "../../node_modules/.pnpm/a@2.0.0/node_modules/a/index.js": 10,
    });

    expect(listPackages(metafile, APP)).toHaveLength(2);
  });
});
