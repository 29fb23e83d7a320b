import { execFileSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { startServer, sshEnvironment, writeTempFile } from "../../test/ssh.ts";
import { formatPinnedHostKeys, PINNED_HOSTS } from "./known-hosts.ts";

/** What the forges publish on the pages that `source` names, beside the keys or in place of them. */
const PUBLISHED = {
  "github.com": [
    "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU (ED25519)",
    "SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM (ECDSA)",
    "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s (RSA)",
  ],
  "gitlab.com": [
    "SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8 (ED25519)",
    "SHA256:HbW3g8zUjNSksFbqTiUWPWg2Bq1x8xdGUrliXFzSnUw (ECDSA)",
    "SHA256:ROQFvPThGrW4RuWLoL9tq9I9zJ42fK4XywyRtbOz/EQ (RSA)",
  ],
  "codeberg.org": [
    "SHA256:mIlxA9k46MmM6qdJOdMnAQpzGxF4WIVVL+fj+wZbw0g (ED25519)",
    "SHA256:T9FYDEHELhVkulEKKwge5aVhVTbqCW0MIRwAfpARs/E (ECDSA)",
    "SHA256:6QQmYi4ppFS4/+zSZ5S4IU+4sa6rwvQ4PbhCtPEBekQ (RSA)",
  ],
};

describe("formatPinnedHostKeys", () => {
  it.each(Object.entries(PUBLISHED))(
    "gives %s the keys whose fingerprints it publishes",
    async (host, published) => {
      const file = writeTempFile(formatPinnedHostKeys(host) ?? "");
      const env = sshEnvironment(await startServer());

      const listed = execFileSync("ssh-keygen", ["-l", "-f", file], { env, encoding: "utf8" });

      // Size, fingerprint, host, type.
      const fingerprints = listed
        .trim()
        .split("\n")
        .map((line) => line.replace(/^\d+ (\S+) \S+ /, "$1 "));
      expect(fingerprints).toStrictEqual(published);
    },
  );

  it("pins those forges, and nothing else", () => {
    expect(PINNED_HOSTS.flatMap(({ names }) => names)).toStrictEqual([
      "github.com",
      "[ssh.github.com]:443",
      "gitlab.com",
      "codeberg.org",
    ]);
  });

  it("knows GitHub by the name of its other port too", () => {
    expect(formatPinnedHostKeys("[ssh.github.com]:443")).toBe(
      formatPinnedHostKeys("github.com")?.replaceAll("github.com ", "[ssh.github.com]:443 "),
    );
  });

  it.each(["example.org", "[github.com]:2222", "GITHUB.COM", "hub.github.com"])(
    "says nothing of %s",
    (name) => {
      expect(formatPinnedHostKeys(name)).toBeUndefined();
    },
  );
});
