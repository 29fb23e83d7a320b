import { GitSyncError } from "../errors.ts";

/** One variable of a file in git's configuration syntax. */
export interface ConfigVariable {
  /** In lower case, as is the key; empty before the first section. */
  readonly section: string;
  readonly subsection?: string;
  readonly key: string;
  /** Undefined where the key stands alone, which git takes for true. */
  readonly value: string | undefined;
}

/** What comes next in a file, and how many characters it takes. */
interface Token<T> {
  readonly found: T;
  readonly end: number;
}

// Bytes, so neither \s nor the dot: both know characters of Unicode.
const BLANK = /(?:[ \t\r\n]|[#;][^\n]*)+/y;
const HEADER = /\[([A-Za-z0-9.-]+)(?:[ \t\r]+"((?:[^"\\\n]|\\[^\n])*)")?\]/y;
const KEY = /([A-Za-z][A-Za-z0-9-]*)[ \t]*(=|\n|$)/y;
const VALUE_PART =
  /([ \t\r]+)|[#;][^\n]*|\\(?:\n|$|([tnb\\"]))|"((?:[^"\\\n]|\\[\ntnb\\"])*)"|([^ \t\r\n#;\\"]+)/y;
const ESCAPE = /\\([^])/g;
const ESCAPED: Readonly<Record<string, string>> = { "\n": "", t: "\t", n: "\n", b: "\b" };

/**
 * Parses a file in git's configuration syntax: quoted and dotted subsections, comments, quotes and escapes,
 * continued lines. An include is a variable like any other.
 *
 * @param text the file, one character per byte
 * @returns its variables in their order
 * @throws GitSyncError ERR_GITSYNC_TREE for anything that git would not read either
 * @see https://git-scm.com/docs/git-config#_syntax
 */
export function parseGitConfig(text: string): readonly ConfigVariable[] {
  const source = text.replace(/^\u00EF\u00BB\u00BF/, "").replaceAll("\r\n", "\n");
  const variables: ConfigVariable[] = [];
  let header: Pick<ConfigVariable, "section" | "subsection"> = { section: "" };
  let offset = skipBlank(source, 0);
  while (offset < source.length) {
    const opened = readHeader(source, offset);
    if (opened !== undefined) {
      header = opened.found;
      offset = skipBlank(source, opened.end);
      continue;
    }
    const variable = readVariable(source, offset);
    if (variable === undefined) {
      throw syntaxError(source, offset);
    }
    variables.push({ ...header, ...variable.found });
    offset = skipBlank(source, variable.end);
  }
  return variables;
}

function skipBlank(source: string, offset: number): number {
  return offset + (matchAt(BLANK, source, offset)?.[0].length ?? 0);
}

function readHeader(
  source: string,
  offset: number,
): Token<Pick<ConfigVariable, "section" | "subsection">> | undefined {
  const [whole, base, quoted] = matchAt(HEADER, source, offset) ?? [];
  if (whole === undefined || base === undefined) {
    return undefined;
  }
  // The older form [section.subsection] is in lower case altogether.
  const [section = "", ...dotted] = base.toLowerCase().split(".");
  const parts = quoted === undefined ? dotted : [...dotted, quoted.replaceAll(ESCAPE, "$1")];
  const end = offset + whole.length;
  return { found: parts.length === 0 ? { section } : { section, subsection: parts.join(".") }, end };
}

function readVariable(
  source: string,
  offset: number,
): Token<Pick<ConfigVariable, "key" | "value">> | undefined {
  const [whole, name, sign] = matchAt(KEY, source, offset) ?? [];
  if (whole === undefined || name === undefined) {
    return undefined;
  }
  const key = name.toLowerCase();
  const start = offset + whole.length;
  if (sign !== "=") {
    return { found: { key, value: undefined }, end: start };
  }
  const { found: value, end } = readValue(source, start);
  return { found: { key, value }, end };
}

/** White space counts between other things, not at the ends and before a comment; in quotes it always counts. */
function readValue(source: string, start: number): Token<string> {
  let value = "";
  let space = "";
  let offset = start;
  while (offset < source.length && source[offset] !== "\n") {
    const match = matchAt(VALUE_PART, source, offset);
    if (match === undefined) {
      throw syntaxError(source, offset);
    }
    const [whole, blank, escaped, quoted, plain] = match;
    offset += whole.length;
    if (blank !== undefined) {
      space += value === "" ? "" : blank;
      continue;
    }
    if (whole.startsWith("#") || whole.startsWith(";")) {
      continue;
    }
    value += space + (plain ?? quoted?.replaceAll(ESCAPE, unescape) ?? unescape("", escaped ?? "\n"));
    space = "";
  }
  return { found: value, end: offset };
}

function unescape(_whole: string, character: string): string {
  return ESCAPED[character] ?? character;
}

function matchAt(pattern: RegExp, source: string, offset: number): RegExpExecArray | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(source) ?? undefined;
}

function syntaxError(source: string, offset: number): GitSyncError {
  const line = source.slice(0, offset).split("\n").length;
  return new GitSyncError(
    "ERR_GITSYNC_TREE",
    `expected git's configuration syntax, got something else in line ${line}`,
  );
}
