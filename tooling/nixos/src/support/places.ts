import { dirname } from "node:path";

/** The checkout. */
export const ROOT: string = dirname(dirname(dirname(dirname(import.meta.dirname))));
