/** The words of a command, quotes removed; what the shell puts in their place stands as `$…`. */
export type CommandWords = readonly string[];

const SUBSTITUTION = "$…";

/**
 * Splits a script into its commands, those within `$(…)` included. It knows as much of the shell's grammar as an
 * example in a manual uses: quotes, comments, pipes, lists, groups, redirections and here-documents.
 */
export function splitCommands(script: string): readonly CommandWords[] {
  const commands: CommandWords[] = [];
  const text = dropHereDocuments(script.replaceAll("\\\n", " "));
  let words: string[] = [];
  let word: string | undefined;
  let position = 0;

  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };

  while (position < text.length) {
    const rest = text.slice(position);
    const quoted = /^'([^']*)'/.exec(rest);
    const substitution = readSubstitution(rest);
    const redirection = word === undefined ? /^\d?(?:>>|>|<)(?:&\d|\s*[^\s;|&()]+)/.exec(rest) : null;
    const comment = word === undefined ? /^#[^\n]*/.exec(rest) : null;
    if (quoted !== null) {
      word = (word ?? "") + (quoted[1] ?? "");
      position += quoted[0].length;
    } else if (substitution !== undefined) {
      commands.push(...splitCommands(substitution));
      word = (word ?? "") + SUBSTITUTION;
      position += substitution.length + "$()".length;
    } else if (redirection !== null) position += redirection[0].length;
    else if (comment !== null) position += comment[0].length;
    else if (rest.startsWith('"')) {
      const { content, length } = readDoubleQuoted(rest);
      for (const inner of content.matchAll(/\$\(([^)]*)\)/g)) commands.push(...splitCommands(inner[1] ?? ""));
      word = (word ?? "") + content.replaceAll(/\$\([^)]*\)/g, SUBSTITUTION);
      position += length;
    } else if (/^[\n;|&()]/.test(rest) || (word === undefined && /^[{}](?:\s|;|$)/.test(rest))) {
      endCommand();
      position += 1;
    } else if (/^\s/.test(rest)) {
      endWord();
      position += 1;
    } else {
      const isEscaped = rest.startsWith("\\");
      word = (word ?? "") + (rest[isEscaped ? 1 : 0] ?? "");
      position += isEscaped ? 2 : 1;
    }
  }
  endCommand();
  return commands;
}

/** The script between `$(` and its `)`; undefined where none begins. */
function readSubstitution(text: string): string | undefined {
  if (!text.startsWith("$(")) return undefined;
  let depth = 0;
  for (let index = 1; index < text.length; index += 1) {
    if (text[index] === "(") depth += 1;
    if (text[index] === ")") depth -= 1;
    if (depth === 0) return text.slice(2, index);
  }
  throw new Error(`expected a ) after ${text.slice(0, 40)}`);
}

function readDoubleQuoted(text: string): { readonly content: string; readonly length: number } {
  const match = /^"((?:[^"\\]|\\.)*)"/s.exec(text);
  if (match === null) throw new Error(`expected a " after ${text.slice(0, 40)}`);
  const [{ length }, content = ""] = match;
  return { content: content.replaceAll(/\\(["\\$`])/g, "$1"), length };
}

function dropHereDocuments(script: string): string {
  return script.replaceAll(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n[\s\S]*?\n\2(?=\n|$)/g, "$3");
}
