import type * as z from "zod";

import { builderSection } from "./builder-section.ts";
import { cacheServerSection } from "./cache-server-section.ts";
import { nixSection } from "./nix-section.ts";

/** What a manual says of one key of the configuration. */
export interface ConfigKey {
  /** Section and name, as in `builder.hosts`. */
  readonly key: string;
  /** What a value has to be, in the words of the error about one that is not. */
  readonly type: string;
  /** What it means, in Markdown. */
  readonly description: string;
  /** The value that stands in for one that is not given; absent where there is no such value. */
  readonly default?: unknown;
  /** Where the default hangs on other keys: what it is, in Markdown. */
  readonly whenAbsent?: string;
}

const SECTIONS = { nix: nixSection, builder: builderSection, cacheServer: cacheServerSection } as const;

/**
 * Describes every key of the configuration, in the order of a manual.
 *
 * @returns one entry for each key; one that has neither `default` nor `whenAbsent` is required in its section
 * @example
 * ```ts
 * const { default: port } = describeConfig().find(({ key }) => key === "cacheServer.port") ?? {};
 * port; // 5000
 * ```
 */
export function describeConfig(): readonly ConfigKey[] {
  return Object.entries(SECTIONS).flatMap(([section, { shape }]) =>
    Object.entries(shape).map(([name, schema]) => describeKey(`${section}.${name}`, schema)),
  );
}

function describeKey(key: string, schema: z.ZodType): ConfigKey {
  const { description = "", whenAbsent } = schema.meta() ?? {};
  const absent = schema.safeParse(undefined);
  return {
    key,
    type: readType(schema),
    description,
    ...(absent.success ? { default: absent.data } : {}),
    ...(typeof whenAbsent === "string" ? { whenAbsent } : {}),
  };
}

/** No key takes null, and the error says what it takes: nobody has to keep the two alike. */
function readType(schema: z.ZodType): string {
  const { error } = schema.safeParse(null);
  return /^expected (.*?)(?:, found .*)?$/.exec(error?.issues[0]?.message ?? "")?.[1] ?? "";
}
