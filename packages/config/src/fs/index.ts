export { readConfig } from "./read-config.ts";
