export { createProgram } from "./cli.ts";
export { EXIT } from "./exit-codes.ts";
