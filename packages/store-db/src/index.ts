export { StoreDbError } from "./errors.ts";
export type { StoreDbErrorCode } from "./errors.ts";
export type { PathInfo } from "./path-info.ts";
export { openStoreDb } from "./store-db.ts";
export type { StoreDb, StoreDbOptions } from "./store-db.ts";
