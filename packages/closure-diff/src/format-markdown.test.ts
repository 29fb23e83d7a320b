import { describe, expect, it } from "vitest";

import { BUSY_NIGHT, exampleDiff, fileChanges } from "../test/example-diff.ts";
import { formatClosureDiffMarkdown } from "./index.ts";

function formatUnit(name: string): string {
  const units = fileChanges({ added: [name] });
  const [, , line = ""] = formatClosureDiffMarkdown(exampleDiff({ units })).split("\n");
  return line;
}

describe("formatClosureDiffMarkdown", () => {
  it("writes lists with every name as code", () => {
    expect(formatClosureDiffMarkdown(BUSY_NIGHT)).toBe(`\
**Reboot needed**

- kernel: \`linux-6.12.1\` → \`linux-6.12.2\`
- initrd: rebuilt
- kernel parameters: added \`quiet\`; removed \`debug\`, \`loglevel=7\`

**Upgraded (1)**

- \`firefox\` \`128.0\` → \`129.0\` (+3.0 MiB)

**Downgraded (1)**

- \`a-package-with-a-name-longer-than-its-column\` \`2.0\` → \`1.9\`

**Changed versions (1)**

- \`openssl\` \`1.1.1\`, \`3.0.13\` → \`3.0.13\` (-4.0 MiB)

**Added (2)**

- \`wezterm\` \`20240203\` (+66.8 MiB)
- \`etc-nginx.conf\` (+0.4 KiB)

**Removed (1)**

- \`kdeconnect\` \`20.08.2\` (-6.4 MiB)

**Units (143 rebuilt)**

- changed: \`nginx.service\`
- added: \`getty@tty1.service\`

**Files in /etc**

- removed: \`motd\`

**Same versions, other size (1)**

- \`blender\` \`4.0\` (-294.2 KiB)

**Size**: 4.0 GiB → 4.0 GiB (+3.4 MiB), 1200 → 1203 paths, 301 rebuilt`);
  });

  it("cuts long lists unless all are asked for", () => {
    const units = fileChanges({ changed: Array.from({ length: 140 }, (_, index) => `unit-${index}`) });
    const diff = exampleDiff({ units });

    expect(formatClosureDiffMarkdown(diff)).toContain("`unit-19`, and 120 more");
    expect(formatClosureDiffMarkdown(diff, { all: true })).toContain("`unit-139`");
  });

  it.each([
    ["getty@tty1.service", "`getty@tty1.service`"],
    ["<script>*_[x](y)|", "`<script>*_[x](y)|`"],
    ["a`b", "``a`b``"],
    ["a``b`", "``` a``b` ```"],
    [" ", "`   `"],
    ["line\n\n# break", "`line��# break`"],
  ])("escapes %j", (name, code) => {
    expect(formatUnit(name)).toBe(`- added: ${code}`);
  });

  it("says so where both are the same closure", () => {
    const { before } = exampleDiff();

    expect(formatClosureDiffMarkdown(exampleDiff({ after: before }))).toBe(
      "No changes: both are the same closure",
    );
  });
});
