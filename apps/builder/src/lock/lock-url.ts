import { hideCredentials } from "@nix-cache/gitsync";

import type { LockNode, LockRecord } from "./lock-graph.ts";

/** Parameters of flake references that say what to fetch; any other may be a token. */
const PLAIN_PARAMETERS = new Set([
  "allRefs",
  "dir",
  "exportIgnore",
  "host",
  "lastModified",
  "lfs",
  "narHash",
  "ref",
  "rev",
  "revCount",
  "shallow",
  "submodules",
  "type",
  "unpack",
]);

const FORGES = new Set(["github", "gitlab", "sourcehut"]);

/**
 * Says where an input comes from as flakes write it, without a revision: `github:NixOS/nixpkgs/nixos-unstable`,
 * `git+ssh://git@host/repo`. No password and no token is in it.
 */
export function formatInputUrl({ locked, original }: LockNode): string {
  const type = textOf(locked, "type");
  if (FORGES.has(type)) {
    const path = [textOf(locked, "owner"), textOf(locked, "repo"), textOf(original, "ref")];
    return withParameters(`${type}:${path.filter((part) => part !== "").join("/")}`, locked, ["host", "dir"]);
  }
  const dir = ["dir"];
  if (type === "path") return withParameters(`path:${textOf(locked, "path")}`, locked, dir);
  if (type === "indirect") return `flake:${textOf(locked, "id")}`;
  const url = hideSecrets(textOf(locked, "url"));
  if (type === "git" || type === "hg") return withParameters(`${type}+${url}`, locked, ["ref", ...dir]);
  return url === "" ? `${type}:` : withParameters(url, locked, dir);
}

function textOf(record: LockRecord, key: string): string {
  const value = record[key];
  return typeof value === "string" ? value : "";
}

function withParameters(url: string, locked: LockRecord, keys: readonly string[]): string {
  const parameters = keys.flatMap((key) => {
    const value = textOf(locked, key);
    return value === "" ? [] : [`${key}=${value}`];
  });
  if (parameters.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${parameters.join("&")}`;
}

/** Archives are fetched with tokens in user, password or parameters, under as many names as there are forges. */
function hideSecrets(url: string): string {
  const [address = "", ...parts] = hideCredentials(url).split("?");
  if (parts.length === 0) return address;
  const shown = parts
    .join("?")
    .split("&")
    .map((parameter) => {
      const [key = ""] = parameter.split("=", 1);
      return PLAIN_PARAMETERS.has(key) ? parameter : `${key}=***`;
    });
  return `${address}?${shown.join("&")}`;
}
