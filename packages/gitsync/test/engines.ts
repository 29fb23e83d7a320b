import type { EngineName } from "../src/index.ts";
import { makeOptions } from "./repository.ts";

/** Every engine; what is said of a sync is tested with each. */
export const ENGINES: readonly EngineName[] = ["isomorphic", "git"];

/** {@link makeOptions} for one engine. */
export function optionsFor(
  engine: EngineName,
): (url: string, directory?: string) => ReturnType<typeof makeOptions> & { engine: EngineName } {
  return (url, directory) => ({ ...makeOptions(url, directory), engine });
}
