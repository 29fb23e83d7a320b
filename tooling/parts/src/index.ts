export { fetchDebianNix, NIX_SUITES } from "./debian-nix.ts";
export { fetchDebianPackages } from "./debian-packages.ts";
export type { DebianPackages } from "./debian-packages.ts";
export { makePrivateNix } from "./private-nix.ts";
export type { PrivateNix } from "./private-nix.ts";
export type { Interruption } from "./ssh-connections.ts";
export { startSshServer } from "./ssh-server.ts";
export type { SshServer } from "./ssh-server.ts";
export type { SshdOptions } from "./sshd.ts";
