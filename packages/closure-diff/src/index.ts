export type { ClosurePath, SystemClosure } from "./system-closure.ts";
