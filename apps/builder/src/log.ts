import process from "node:process";

import { type Logger, pino } from "pino";
import { build as pretty } from "pino-pretty";

/** Where a command's log goes. */
export type LogOutput = "stdout" | "stderr";

const FILE_DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

/**
 * Logs one JSON event a line; on a terminal, one readable line.
 *
 * @param output standard error for a command that prints a report of its own
 */
export function createLogger(output: LogOutput = "stdout"): Logger {
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const destination = FILE_DESCRIPTORS[output];
  if (!process[output].isTTY) return pino(options, pino.destination(destination));
  const readable = { singleLine: true, translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" };
  return pino(options, pretty({ ...readable, sync: true, destination }));
}
