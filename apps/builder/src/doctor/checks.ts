import type { Check } from "./doctor-context.ts";

/** Every check, in the order in which a person wants to read what they found. */
export const CHECKS: readonly Check[] = [];
