/** `/nix/store/<hash part>-dep-1.2` -> `dep-1.2` */
export function nameOfStorePath(storePath: string): string {
  const base = storePath.slice(storePath.lastIndexOf("/") + 1);
  return base.slice(base.indexOf("-") + 1);
}

/** `/nix/store/<hash part>-dep-1.2.drv` -> `dep-1.2` */
export function nameOfDerivation(drvPath: string): string {
  return nameOfStorePath(drvPath).replace(/\.drv$/, "");
}

/** `https://cache.example.org/nar/x.nar.xz?a=b` -> `x.nar.xz` */
export function nameOfFile(uri: string): string {
  const path = uri.replace(/[?#].*/s, "");
  return path.slice(path.lastIndexOf("/") + 1) || uri;
}
