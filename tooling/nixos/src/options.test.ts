import { readFile } from "node:fs/promises";

import { describeConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { COMPLETE, evaluate, evaluateModules, MEMBER_DIR } from "./support/evaluate.ts";
import { REAL_LIB } from "./support/lib-under-test.ts";

interface ListedOption {
  readonly name: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
  readonly example?: string;
}

const listOptions = (): Promise<readonly ListedOption[]> => evaluate(`import ${MEMBER_DIR}/options.nix`);

const STRING = "string";
const INTEGER = "signed integer";

/** What the original's README says of each option: name, type and default. */
const ORIGINAL_OPTIONS = [
  ["enable", "boolean", "false"],
  ["flakePath", STRING, '"/var/lib/nix-cache-builder/flake"'],
  ["flakeBranch", STRING, '"main"'],
  ["updateFlake", "boolean", "true"],
  ["buildSchedule", STRING, '"daily"'],
  ["buildTime", STRING, '"02:00"'],
  ["cacheDir", STRING, '"/var/cache/nix-builds"'],
  ["maxCacheSize", INTEGER, "200"],
  ["keepGenerations", INTEGER, "3"],
  ["cacheServer.enable", "boolean", "true"],
  ["cacheServer.port", "16 bit unsigned integer; between 0 and 65535 (both inclusive)", "5000"],
  ["cacheServer.priority", INTEGER, "40"],
  // These were the author's own; here they have to be set.
  ["flakeRepo", "null or string", "required"],
  ["hosts", "list of string", "required"],
] as const;

describe("the options", () => {
  it.each(ORIGINAL_OPTIONS)(
    "have the original's %s, with its type and default",
    async (name, type, value) => {
      const options = await listOptions();

      expect(options).toContainEqual(
        expect.objectContaining({ name: `services.nix-cache-builder.${name}`, type, default: value }),
      );
    },
  );

  it("are each described, in sentences", async () => {
    const options = await listOptions();

    expect(options.length).toBeGreaterThan(40);
    expect(options.filter(({ description }) => !/^[A-Z0-9`][^]*\.$/.test(description.trim()))).toEqual([]);
  });

  it("are the same with nixpkgs' own lib and with its double", async () => {
    const double = await evaluate(
      `import ${MEMBER_DIR}/lib/list-options.nix (import ${MEMBER_DIR}/test/lib-double.nix)`,
    );

    expect(await listOptions()).toEqual(double);
  });
});

/** Keys that an option stands for, and whose value says more than the schema's default: what they are then. */
const FILLED_IN = {
  "builder.flakeRepo": "git@example.org:fleet.git",
  "builder.hosts": ["desktop"],
  "builder.rootsDir": "/nix/var/nix/gcroots/nix-cache-builder",
  "cacheServer.signingKeyFiles": ["/run/secrets/nix-cache-priv-key"],
};

/** The configuration file's text, as a machine has it that sets what has to be set. */
async function renderConfiguration(
  options: string,
): Promise<Readonly<Record<string, Record<string, unknown>>>> {
  return evaluateModules(
    [`{ services.nix-cache-builder = { ${COMPLETE} ${options} }; }`],
    `(import ${MEMBER_DIR}/lib/configuration.nix it.config.services.nix-cache-builder).value`,
  );
}

const flatten = (sections: Readonly<Record<string, Record<string, unknown>>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(sections).flatMap(([section, keys]) =>
      Object.entries(keys).map(([key, value]) => [`${section}.${key}`, value]),
    ),
  );

describe("the configuration file", () => {
  it("says by default what the schema's defaults say", async () => {
    const written = flatten(await renderConfiguration(""));

    const defaults = Object.fromEntries(describeConfig().map(({ key, default: value }) => [key, value]));
    const expected = Object.fromEntries(Object.keys(written).map((key) => [key, defaults[key]]));
    expect(written).toEqual({ ...expected, ...FILLED_IN });
  });

  it("has the keys that options stand for, and others as they are written", async () => {
    const written = flatten(
      await renderConfiguration(`
        accessTokensFile = "/run/secrets/tokens";
        keepGenerations = 7;
        lanRanges = [ "10.0.0.0/8" ];
        repoTokenFile = "/run/secrets/token";
        resources.evalMemoryMax = 6;
        settings = { nix.settings.cores = 4; builder.graceHours = 48; cacheServer.serve = "store"; };
      `),
    );

    expect(written).toMatchObject({
      "nix.settings": { cores: 4 },
      "builder.accessTokensFile": "/run/secrets/tokens",
      "builder.evalMemory": 6,
      "builder.graceHours": 48,
      "builder.keepGenerations": 7,
      "builder.repoTokenFile": "/run/secrets/token",
      "cacheServer.allow": ["10.0.0.0/8", "127.0.0.0/8", "::1/128"],
      "cacheServer.serve": "store",
    });
  });

  it("does not put a secret's file into the store, however its path is written", async () => {
    const { builder } = await renderConfiguration("signingKeyFile = /run/keys/cache;");

    expect(builder?.["signingKeyFile"]).toBe("/run/keys/cache");
  });

  it("is checked by the builder as the system is built", async () => {
    const script = await evaluateModules(
      [`{ services.nix-cache-builder = { ${COMPLETE} }; }`],
      'it.config.environment.etc."nix-cache-builder/config.json".source',
    );

    expect(script).toMatch(/^\/nix\/store\/\S+\/bin\/nix-cache-builder check-config --config \{"builder":/);
  });
});

describe("the test double", () => {
  it("is not what is tested where nixpkgs' own lib is named", async () => {
    const version = await evaluate<string>(`(import ${MEMBER_DIR}/test/choose-lib.nix).version or "double"`);

    const expected = REAL_LIB === undefined ? "double" : await readFile(`${REAL_LIB}/lib/.version`, "utf8");
    expect(version).toContain(expected.trim());
  });
});
