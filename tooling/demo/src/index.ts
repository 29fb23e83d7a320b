export { prepareDemo } from "./demo.ts";
export type { DemoOptions } from "./demo.ts";
