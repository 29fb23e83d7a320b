import { availableParallelism, cpus, totalmem } from "node:os";

const GIB = 2 ** 30;

/** Prints what the figures that follow were measured on. */
export function printMachine(): void {
  const model = cpus()[0]?.model ?? "unknown";
  const gib = Math.round(totalmem() / GIB);
  console.log(`${model}, ${availableParallelism()} cores, ${gib} GiB, Node ${process.version}`);
}
