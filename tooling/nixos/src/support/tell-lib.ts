import { LIB_UNDER_TEST } from "./lib-under-test.ts";

/** Says, before the tests run, what they run with. */
export function setup(): void {
  console.info(LIB_UNDER_TEST);
}
