import { GitSyncError } from "../errors.ts";
import { encodePktLine } from "./pkt-line.ts";
import type { PktLine } from "./pkt-line.ts";

/** Bound on one advertisement: about half a million refs. */
const MAX_ADVERTISEMENT_BYTES = 64 * 2 ** 20;

/** How a newer git says that there are no refs; 2.39 says nothing, which isomorphic-git takes for another protocol. */
const NO_REFS = `${"0".repeat(40)} capabilities^{}\0\n`;

/**
 * Reads what upload-pack advertises, up to its flush, and mends what isomorphic-git cannot digest:
 * the `version 1` line goes; so do peeled tags, which it would ask for and which upload-pack then
 * refuses with "not our ref"; an empty repository says that it is one; a remote whose HEAD points nowhere gets a HEAD line, without which a fetch fails.
 *
 * @param lines the pkt-lines of the remote, positioned at the start of the advertisement
 * @returns the mended advertisement, flush included
 * @throws GitSyncError ERR_GITSYNC_PROTOCOL, ERR_GITSYNC_REPOSITORY
 * @see https://git-scm.com/docs/gitprotocol-pack
 */
export async function readAdvertisement(lines: AsyncIterator<PktLine>): Promise<Uint8Array> {
  const texts: string[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await lines.next();
    if (done === true) {
      throw new GitSyncError(
        "ERR_GITSYNC_PROTOCOL",
        "expected the remote's refs, got the end of the connection",
      );
    }
    if (value.type === "flush") {
      return formatAdvertisement(texts.filter((text) => text !== "version 1\n"));
    }
    size += value.payload.length;
    if (size > MAX_ADVERTISEMENT_BYTES) {
      throw new GitSyncError(
        "ERR_GITSYNC_PROTOCOL",
        `expected an advertisement of at most ${MAX_ADVERTISEMENT_BYTES} bytes, got more`,
      );
    }
    texts.push(checkLine(Buffer.from(value.payload).toString("latin1")));
  }
}

function checkLine(text: string): string {
  if (text.startsWith("ERR ")) {
    throw new GitSyncError("ERR_GITSYNC_REPOSITORY", `the remote refused: ${text.slice(4).trim()}`);
  }
  if (text.startsWith("shallow ")) {
    throw new GitSyncError(
      "ERR_GITSYNC_REPOSITORY",
      "expected a repository with its full history, got a shallow clone: run `git fetch --unshallow` in it",
    );
  }
  if (text.includes("object-format=sha256")) {
    throw new GitSyncError(
      "ERR_GITSYNC_REPOSITORY",
      "expected a repository with SHA-1 object names, got one with SHA-256",
    );
  }
  return text;
}

function formatAdvertisement(texts: readonly string[]): Uint8Array {
  const [first = NO_REFS, ...rest] = texts.filter((text, index) => index === 0 || !/\^\{\}\n?$/.test(text));
  const { oid, name } = parseFirstLine(first);
  const hasHead = name === "HEAD" || rest.some((text) => / HEAD\n?$/.test(text));
  const head = hasHead || name === "capabilities^{}" ? [] : [`${oid} HEAD\n`];
  const payloads = [first, ...head, ...rest].map((text) => Buffer.from(text, "latin1"));
  const lines = payloads.map((payload) => encodePktLine({ type: "data", payload }));
  return Buffer.concat([...lines, encodePktLine({ type: "flush" })]);
}

function parseFirstLine(text: string): { oid: string; name: string } {
  const match = /^([0-9a-f]{40}) ([^\0\n]+)\0/.exec(text);
  const [, oid, name] = match ?? [];
  if (oid === undefined || name === undefined) {
    throw new GitSyncError(
      "ERR_GITSYNC_PROTOCOL",
      `expected an object name, a ref and the capabilities, got ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
  return { oid, name };
}
