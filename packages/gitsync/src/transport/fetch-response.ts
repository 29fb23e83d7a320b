import { GitSyncError } from "../errors.ts";
import { checkPack } from "./pack-stream.ts";
import { encodePktLine } from "./pkt-line.ts";
import type { PktLine } from "./pkt-line.ts";

/** Bands of side-band-64k: https://git-scm.com/docs/gitprotocol-pack#_packfile_data */
const BAND_PACK = 1;
const BAND_PROGRESS = 2;
const BAND_ERROR = 3;

/** Largest answer taken into memory; isomorphic-git needs the whole pack as one buffer. */
const MAX_RESPONSE_BYTES = 2 ** 31 - 1;

/**
 * Collects upload-pack's whole answer and verifies it: acknowledgement seen, no error band, final flush, a pack
 * with the right trailer. isomorphic-git checks none of these and installs half a pack as if it were whole.
 *
 * @param lines the pkt-lines of the remote, positioned after the request was sent
 * @returns the answer without progress, ready for isomorphic-git
 * @throws GitSyncError ERR_GITSYNC_PROTOCOL
 */
export async function readFetchResponse(lines: AsyncIterator<PktLine>): Promise<Uint8Array> {
  const preamble: Uint8Array[] = [];
  const bands: Uint8Array[] = [];
  let isAcknowledged = false;
  let isFinished = false;
  let size = 0;
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const line = next.value;
    if (isFinished) {
      throw protocolError("expected nothing after the final flush, got another pkt-line");
    }
    if (line.type === "flush") {
      isFinished = isAcknowledged && bands.length > 0;
      if (!isFinished) {
        preamble.push(encodePktLine(line));
      }
      continue;
    }
    const band = line.payload[0];
    size += line.payload.length;
    if (size > MAX_RESPONSE_BYTES) {
      throw protocolError(`expected a pack below ${MAX_RESPONSE_BYTES} bytes, got more`);
    }
    if (isAcknowledged && band !== undefined && band <= BAND_ERROR) {
      readBand(band, line.payload, bands);
    } else {
      isAcknowledged = readPreambleLine(line.payload) || isAcknowledged;
      preamble.push(encodePktLine(line));
    }
  }
  if (!isAcknowledged || !isFinished) {
    const missing = isAcknowledged ? "the final flush" : "ACK or NAK";
    throw protocolError(`expected ${missing}, got the end of the connection: it was cut`);
  }
  checkPack(bands.map((payload) => payload.subarray(1)));
  const packLines = bands.map((payload) => encodePktLine({ type: "data", payload }));
  return Buffer.concat([...preamble, ...packLines, encodePktLine({ type: "flush" })]);
}

function readBand(band: number, payload: Uint8Array, bands: Uint8Array[]): void {
  if (band === BAND_PACK) {
    bands.push(payload);
  } else if (band === BAND_ERROR) {
    throw protocolError(`the remote broke off: ${toText(payload.subarray(1))}`);
  } else if (band !== BAND_PROGRESS) {
    throw protocolError(`expected band 1, 2 or 3, got ${band}`);
  }
}

function readPreambleLine(payload: Uint8Array): boolean {
  const text = toText(payload);
  if (text.startsWith("ERR ")) {
    throw protocolError(`the remote refused: ${text.slice(4)}`);
  }
  if (!/^(?:NAK$|ACK [0-9a-f]{40}|shallow [0-9a-f]{40}$|unshallow [0-9a-f]{40}$)/.test(text)) {
    throw protocolError(`expected ACK or NAK, got ${JSON.stringify(text)}`);
  }
  return text.startsWith("NAK") || text.startsWith("ACK");
}

function toText(payload: Uint8Array): string {
  return Buffer.from(payload.subarray(0, 200)).toString("utf8").trim();
}

function protocolError(message: string): GitSyncError {
  return new GitSyncError("ERR_GITSYNC_PROTOCOL", message);
}
