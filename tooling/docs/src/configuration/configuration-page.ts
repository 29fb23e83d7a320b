import { readFile } from "node:fs/promises";

import { fillSection } from "../fill-section.ts";
import type { Page } from "../page.ts";
import { ROOT } from "../places.ts";
import { formatConfigKeys } from "./format-config-keys.ts";
import { formatModuleOptions, readModuleOptions } from "./module-options.ts";

const FILE = "docs/configuration.md";

const SECTIONS = ["nix", "builder", "cacheServer"] as const;

const MODULES = ["services.nix-cache-builder", "system.nix.cache-servers.*"] as const;

/** Makes the reference of the configuration: what people wrote of it, with tables made from schema and modules. */
export async function makeConfigurationPage(): Promise<Page> {
  const page = await readFile(`${ROOT}/${FILE}`, "utf8");
  const options = await readModuleOptions();
  const tables = [
    ...SECTIONS.map((name) => ({ name, table: formatConfigKeys(name) })),
    ...MODULES.map((name) => ({ name, table: formatModuleOptions(options, name) })),
  ];
  const text = tables.reduce((filled, { name, table }) => fillSection(filled, name, table), page);
  return { file: FILE, text };
}
