export { dumpPath } from "./dump.ts";
export { restorePath } from "./restore.ts";
export type { RestoreOptions } from "./restore.ts";
