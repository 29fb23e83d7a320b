import { type Logger, pino } from "pino";
import { build as pretty } from "pino-pretty";

/** Makes the log on standard output: an event is a line of JSON, or on a terminal a line for people. */
export function createLogger(isTerminal: boolean): Logger {
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime };
  // pino's own way, a worker thread, does not survive bundling.
  return isTerminal ? pino(options, pretty({ sync: true, singleLine: true })) : pino(options);
}
