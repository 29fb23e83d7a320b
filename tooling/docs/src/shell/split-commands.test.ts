import { describe, expect, it } from "vitest";

import { splitCommands } from "./split-commands.ts";

describe("splitCommands", () => {
  it.each([
    ["a b; c d && e | f", [["a", "b"], ["c", "d"], ["e"], ["f"]]],
    ["a 'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]]],
    ["a --b # c; d\ne", [["a", "--b"], ["e"]]],
    ["a \\\n  b", [["a", "b"]]],
    ["a > b 2>&1 < c", [["a"]]],
    [
      'eval "$(a b)"',
      [
        ["a", "b"],
        ["eval", "$…"],
      ],
    ],
    [
      "a $(b $(c d) e)",
      [
        ["c", "d"],
        ["b", "$…", "e"],
        ["a", "$…"],
      ],
    ],
    ["a <<'EOF' b\nc; d\nEOF\ne", [["a", "b"], ["e"]]],
    ["{ a; } && (b)", [["a"], ["b"]]],
    ["a x#y {b,c}", [["a", "x#y", "{b,c}"]]],
  ])("splits %j", (script, commands) => {
    expect(splitCommands(script)).toEqual(commands);
  });

  it("refuses a quote that does not end", () => {
    expect(() => splitCommands('a "b')).toThrow('expected a " after "b');
  });
});
