import { type Logger, pino } from "pino";
import { build as pretty } from "pino-pretty";

/** Logs one JSON event a line to standard output; on a terminal, one readable line. */
export function createLogger(): Logger {
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stdout.isTTY) return pino(options);
  return pino(
    options,
    pretty({ sync: true, singleLine: true, translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" }),
  );
}
