/** What a piece of text is, which decides its color. */
type Meaning = "bold" | "warning" | "growth" | "shrinkage";

/** Adds escape sequences to a text, or leaves it as it is. */
export type Paint = (meaning: Meaning, text: string) => string;

/** SGR parameters of ECMA-48: bold, bold and yellow, red and green as Nix colors sizes. */
const SGR: Readonly<Record<Meaning, string>> = { bold: "1", warning: "1;33", growth: "31", shrinkage: "32" };

/** Makes a painter for a terminal that shows colors, or for one that does not. */
export function createPaint(isColored: boolean): Paint {
  if (!isColored) return (_meaning, text) => text;
  return (meaning, text) => (text === "" ? "" : `\u001B[${SGR[meaning]}m${text}\u001B[0m`);
}
