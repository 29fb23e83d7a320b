export { readConfig } from "./read-config.ts";
export { SECRET_KEYS, useCredentials } from "./use-credentials.ts";
export type { ReadConfigOptions } from "./read-config.ts";
export type { SecretKey } from "./use-credentials.ts";
