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
  for await (const line of createInterface({ input: output })) process.stdout.write(format(line));
}
