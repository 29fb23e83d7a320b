import { vitestConfig } from "@nix-cache/tooling-vitest";

import { LIB_UNDER_TEST } from "./src/support/lib-under-test.ts";

console.info(LIB_UNDER_TEST);

export default vitestConfig();
