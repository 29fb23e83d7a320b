import { describe, expect, it } from "vitest";

import { formatJson } from "./print.ts";

describe("formatJson", () => {
  it("writes control characters as escapes, so that the document says the same", () => {
    const value = { text: "\u001b[2J\u009b\u202e" };

    const text = formatJson(value);

    expect(text).toBe('{\n  "text": "\\u001b[2J\\u009b\\u202e"\n}');
    expect(JSON.parse(text)).toEqual(value);
  });

  it("writes dates in ISO 8601", () => {
    expect(formatJson(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"');
  });
});
