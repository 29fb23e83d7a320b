export { createProgram } from "./cli.ts";
export { CHECKS } from "./doctor/checks.ts";
export { EXIT } from "./exit-codes.ts";
