import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { APPS, NOTICES_FILE, ROOT } from "../support/places.ts";
import { listNotices } from "./format-notices.ts";
import { generateNotices } from "./generate-notices.ts";

const BUNDLES = await Promise.all(
  APPS.map(async (app) => ({
    app,
    committed: await readFile(`${ROOT}/apps/${app}/${NOTICES_FILE}`, "utf8"),
    generated: await generateNotices(app),
  })),
);

/** When one of these fails: `pnpm run notices`, then look at what changed. */
describe.each(BUNDLES)(`${NOTICES_FILE} of $app`, ({ committed, generated }) => {
  it("names every package that the bundle has code of, at its version, and no other", () => {
    const bundled = listNotices(generated);
    const named = listNotices(committed);

    expect({
      missing: bundled.filter((title) => !named.includes(title)),
      superfluous: named.filter((title) => !bundled.includes(title)),
    }).toEqual({ missing: [], superfluous: [] });
  });

  it("holds the licences as the packages have them", () => {
    expect(committed).toBe(generated);
  });

  it("reaches what the app's own dependencies depend on", () => {
    // pino depends on it, and no package.json of this repository does.
    expect(listNotices(committed)).toContainEqual(expect.stringMatching(/^quick-format-unescaped /));
  });
});
