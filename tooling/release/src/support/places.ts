import { dirname } from "node:path";

/** The checkout. */
export const ROOT: string = dirname(dirname(dirname(dirname(import.meta.dirname))));

/** The members whose bundle holds other people's code. */
export const APPS = ["builder", "cache-server"] as const;

/** Name of the file that says whose code a bundle holds. */
export const NOTICES_FILE = "THIRD-PARTY-LICENSES";
