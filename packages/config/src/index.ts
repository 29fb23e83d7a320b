export { describeConfig } from "./describe-config.ts";
export { ConfigError } from "./errors.ts";
export { parseConfig } from "./parse.ts";
export type { BuilderConfig, CacheServerConfig, Config, NixConfig } from "./config.ts";
export type { ConfigKey } from "./describe-config.ts";
export type { ConfigErrorCode, ConfigProblem } from "./errors.ts";
export type { ParseConfigOptions } from "./parse.ts";
export { isHostName } from "./values.ts";
