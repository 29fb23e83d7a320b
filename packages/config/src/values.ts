import * as z from "zod";

const HOST_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/;

/** What git itself refuses in a branch name: git-check-ref-format(1). */
const BAD_BRANCH = /^[-/.]|[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[/.]$|^@$/u;

const REPOSITORY =
  /^(?:(?:ssh|https?|file):\/\/\S+|\/.*|(?:[^\s@:/-][^\s@:/]*@)?[^\s@:/-][^\s@:/]*:(?!\/\/)\S+)$/;

/** Whether a name may be a host's: it becomes a path name, so nothing that a path could be led astray with. */
export function isHostName(name: string): boolean {
  return HOST_NAME.test(name);
}

/** Makes a schema's error say what was expected and what was found. */
export function expected(what: string): { error: (issue: { readonly input?: unknown }) => string } {
  return {
    error: ({ input }) =>
      input === undefined ? `required: expected ${what}` : `expected ${what}, found ${describeValue(input)}`,
  };
}

export const text = (what: string): z.ZodString => z.string(expected(what)).min(1, expected(what));

const PATH = "an absolute path";
/** Trailing slashes go: Nix compares store directories as text. */
export const absolutePath = (): z.ZodType<string, string> =>
  z
    .string(expected(PATH))
    .regex(/^\/[^\0\n]*$/, expected(PATH))
    .transform((path) => path.replace(/(?<=[^/])\/+$/, ""));

const PLAIN_PATH = "an absolute path of letters, digits and ._+,/-";
/** Nix writes these into references and scripts, of which not all versions decode or quote anything else. */
export const plainPath = (): z.ZodType<string, string> =>
  absolutePath().refine((path) => /^[\w.+,/-]+$/.test(path), expected(PLAIN_PATH));

export const wholeNumber = (): z.ZodInt =>
  z.int(expected("a whole number, 0 or more")).min(0, expected("a whole number, 0 or more"));

export const flag = (): z.ZodBoolean => z.boolean(expected("true or false"));

const PORT = "a port, 0 to 65535";
export const port = (): z.ZodInt => z.int(expected(PORT)).min(0, expected(PORT)).max(65_535, expected(PORT));

const REPOSITORY_FORMS = "git@host:path, ssh://, https://, http://, file:// or an absolute path";
export const repository = (): z.ZodString =>
  z.string(expected(REPOSITORY_FORMS)).regex(REPOSITORY, expected(REPOSITORY_FORMS));

const BRANCH = "a branch name";
export const branch = (): z.ZodString =>
  text(BRANCH).refine((name) => !BAD_BRANCH.test(name), expected("a branch name that git accepts"));

const HOST = "a host name of letters, digits and ._+-, starting with a letter, digit or _";
const hostName = z.string(expected(HOST)).regex(HOST_NAME, expected(HOST));

const HOSTS = 'a list of host names, or ["*"] for every host of the flake';
export const hosts = (): z.ZodType<string[], string[]> =>
  z
    .array(z.union([z.literal("*"), hostName], expected(HOST)), expected(HOSTS))
    .min(1, { error: `expected ${HOSTS}, found an empty list` })
    .refine((names) => new Set(names).size === names.length, {
      error: "expected each host once, found one twice",
    })
    .refine((names) => !names.includes("*") || names.length === 1, {
      error: 'expected "*" alone, found it beside other hosts',
    });

const ADDRESS = 'an IP address, "localhost" or unix:/path';
export const listenAddress = (): z.ZodType<string, string> =>
  z.union(
    [z.ipv4(), z.ipv6(), z.literal("localhost"), z.string().regex(/^unix:\/[^\0\n]+$/)],
    expected(ADDRESS),
  );

const RANGE = "an address range such as 192.168.0.0/16, or one IP address";
export const addressRange = (): z.ZodType<string, string> =>
  z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], expected(RANGE));

const SETTING = "text on one line, a whole number, or true or false";
export const nixSetting = (): z.ZodType<string, string | number | boolean> =>
  z
    // What was found is not shown: a setting may be a token.
    .union([z.string().regex(/^[^\0\n\r]*$/), z.int(), z.boolean()], { error: `expected ${SETTING}` })
    .transform((value) => String(value));

/** Names a value of a configuration in an error message: short values as they are, others by their kind. */
function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a table";
  const shown = JSON.stringify(value)?.replace(/\/\/[^/]*@/, "//…@") ?? typeof value;
  return shown.length <= 60 ? shown : `${shown.slice(0, 60)}…`;
}
