import { readFile } from "node:fs/promises";

import { fillSection } from "../fill-section.ts";
import type { Page } from "../page.ts";
import { ROOT } from "../places.ts";
import { formatConfigKeys } from "./format-config-keys.ts";

const FILE = "docs/configuration.md";

const SECTIONS = ["nix", "builder", "cacheServer"] as const;

/** Makes the reference of the configuration: what people wrote of it, with tables made from the schema. */
export async function makeConfigurationPage(): Promise<Page> {
  const page = await readFile(`${ROOT}/${FILE}`, "utf8");
  const text = SECTIONS.reduce(
    (filled, section) => fillSection(filled, section, formatConfigKeys(section)),
    page,
  );
  return { file: FILE, text };
}
