import type * as z from "zod";

/** The schema of a table of the file, of which the keys can be listed. */
export type Section<T> = z.ZodType<T> & { readonly shape: Readonly<Record<string, z.ZodType>> };

/** A section once its values are known to be right: keys with a default that hangs on others may be absent. */
export type Partly<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
