import { cleanText, hideCredentials } from "../text.ts";

/** The id of a record that belongs to no activity. */
export const NO_ACTIVITY = "0";

/** A u64 in decimal, as quoted before the JSON was parsed. */
const ID = /^(?:0|[1-9]\d{0,19})$/;

/** Reads text without control characters and credentials; anything else is empty. */
export function readText(value: unknown): string {
  return typeof value === "string" ? hideCredentials(cleanText(value)) : "";
}

/**
 * Reads a count or a number of bytes; anything else is 0. Nix's are u64, and 2.8 lets some run below zero,
 * which shows as a number near 2^64.
 */
export function readCount(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** Reads the id of an activity; anything else is that of none. */
export function readId(value: unknown): string {
  return typeof value === "string" && ID.test(value) ? value : NO_ACTIVITY;
}

/** Reads the list of an activity's or a result's fields; anything else has none. */
export function readFields(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
