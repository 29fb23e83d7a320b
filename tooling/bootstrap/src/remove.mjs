import * as fs from "node:fs";

/**
 * Removes a file, a link or a tree; nothing there is no error. Node 12 has no rmSync.
 * @param {string} path
 */
export function remove(path) {
  if (fs.rmSync !== undefined) {
    fs.rmSync(path, { recursive: true, force: true });
  } else if (fs.existsSync(path)) {
    if (fs.lstatSync(path).isDirectory()) fs.rmdirSync(path, { recursive: true });
    else fs.unlinkSync(path);
  }
}
