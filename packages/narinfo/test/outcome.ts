import { NarInfoError, type NarInfoErrorCode } from "../src/errors.ts";

/** Gives what a function returns, or the code of the NarInfoError it throws; any other error passes through. */
export function outcome<Value>(run: () => Value): Value | NarInfoErrorCode {
  try {
    return run();
  } catch (error) {
    if (error instanceof NarInfoError) return error.code;
    throw error;
  }
}
