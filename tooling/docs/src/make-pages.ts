import { makeConfigurationPage } from "./configuration/configuration-page.ts";
import { makeManualPages } from "./manual/manual-pages.ts";
import type { Page } from "./page.ts";

/** Makes every page that comes from the program, in whole or in part. */
export async function makePages(): Promise<readonly Page[]> {
  return [await makeConfigurationPage(), ...makeManualPages()];
}
