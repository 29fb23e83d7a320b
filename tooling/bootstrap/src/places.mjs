import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** What the set-up installs; nothing of it is ever committed, all of it can be removed. */
export const TOOLCHAIN_DIR = `${ROOT}/.toolchain`;

/** `node` and `pnpm` as this checkout uses them. */
export const BIN_DIR = `${TOOLCHAIN_DIR}/bin`;
