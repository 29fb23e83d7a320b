import { writeFile } from "node:fs/promises";

import { APPS, NOTICES_FILE, ROOT } from "../support/places.ts";
import { generateNotices } from "./generate-notices.ts";

for (const app of APPS) {
  await writeFile(`${ROOT}/apps/${app}/${NOTICES_FILE}`, await generateNotices(app));
}
