import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { prettyFactory } from "pino-pretty";

/** Prints the JSON events of an app as readable lines, to the end of its output; anything else as it is. */
export async function printLog(output: Readable): Promise<void> {
  const format = prettyFactory({
    colorize: process.stdout.isTTY,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "pid,hostname",
  });
  for await (const line of createInterface({ input: output })) {
    if (!isAnsweredRequest(line)) process.stdout.write(format(line));
  }
}

/** One client asks for dozens of files; on a screen only what went wrong is news. */
function isAnsweredRequest(line: string): boolean {
  return line.includes('"msg":"request"') && line.includes('"status":200');
}
