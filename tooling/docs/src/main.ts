import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { makePages } from "./make-pages.ts";
import { ROOT } from "./places.ts";

for (const { file, text } of await makePages()) {
  await mkdir(dirname(`${ROOT}/${file}`), { recursive: true });
  await writeFile(`${ROOT}/${file}`, text);
  console.log(file);
}
