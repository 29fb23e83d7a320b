import { APPS, ROOT } from "../support/places.ts";
import { formatNotices } from "./format-notices.ts";
import { readBundle } from "./read-bundle.ts";
import { readNotice } from "./read-license.ts";

/** Makes the text of an app's notices from what its bundle holds now. */
export async function generateNotices(app: (typeof APPS)[number]): Promise<string> {
  const packages = await readBundle(`${ROOT}/apps/${app}`);
  return formatNotices(`@nix-cache/${app}`, await Promise.all(packages.map(readNotice)));
}
