import { spawnSync } from "node:child_process";
import process from "node:process";

const NAMESPACES = ["--mount", "--pid", "--fork", "--mount-proc"];

/** Whether Nix can build in its sandbox here: a container, or a kernel's policy, may forbid the namespaces. */
export function canSandbox(): boolean {
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  return spawnSync("unshare", [...asRoot, ...NAMESPACES, "true"], { stdio: "ignore" }).status === 0;
}
