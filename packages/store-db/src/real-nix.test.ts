import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { makePrivateNix } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { shellDerivation } from "../test/shell-derivation.ts";
import { openStoreDb } from "./index.ts";
import type { PathInfo } from "./index.ts";

const LEAF = shellDerivation("leaf", "echo leaf > $out");
const TREE = shellDerivation(
  "tree",
  "mkdir $out $doc; echo $out ${leaf} $doc > $out/file; echo ${leaf} > $doc/file",
  'outputs = [ "out" "doc" ];',
);
const FIXED = shellDerivation(
  "fixed",
  "printf abc > $out",
  'outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "abc";',
);

describe("openStoreDb on a store that real Nix wrote", () => {
  it("says of every path what nix path-info says, and lists the closure of nix-store -qR", () => {
    using nix = makePrivateNix();
    const build = `let leaf = ${LEAF}; tree = ${TREE}; in [ leaf tree.out tree.doc (${FIXED}) ]`;
    const outputs = nix.run("nix-build", "--no-out-link", "-E", build);
    nix.run("nix-store", "--generate-binary-cache-key", "test-1", `${nix.scratch}/key`, `${nix.scratch}/pub`);
    nix.run("nix", "store", "sign", "--key-file", `${nix.scratch}/key`, "--all");

    const expected = nix.run("nix", "path-info", "--json", "-r", ...outputs).join("\n");
    const closure = nix.run("nix-store", "-qR", ...outputs).toSorted();

    using database = openStoreDb(nix);
    const infos = closure.map((path) => database.pathInfo(path));

    expect(fromNixJson(expected)).toMatchObject(infos.map(toNixJson));
    expect(database.closure(outputs)).toEqual(closure);
  });

  it("answers while Nix builds, and sees the result as soon as it is valid", async () => {
    using nix = makePrivateNix();
    const fifo = join(nix.scratch, "fifo");
    execFileSync("mkfifo", [fifo]);
    const slow = shellDerivation("slow", `echo ready > ${fifo}; cat ${fifo} > $out`);
    const [drv = ""] = nix.run("nix-instantiate", "-E", slow);
    const [out = ""] = nix.run("nix-store", "-q", "--outputs", drv);
    using database = openStoreDb(nix);

    const build = nix.start("nix-store", "--realise", drv);
    const built = once(build, "exit");
    execFileSync("cat", [fifo]);
    const during = [database.pathInfo(drv)?.path, database.pathInfo(out)?.path];
    writeFileSync(fifo, "contents\n");
    await built;

    expect(during).toEqual([drv, undefined]);
    expect(database.pathInfo(out)).toMatchObject({ path: out, deriver: drv, ultimate: true });
  });

  it("no longer knows a path that was collected", () => {
    using nix = makePrivateNix();
    const [path = ""] = nix.run("nix-store", "--add", import.meta.filename);
    using database = openStoreDb(nix);
    const before = database.closure([path]);

    nix.run("nix-store", "--delete", path);

    expect([before, database.closure([path])]).toEqual([[path], []]);
  });
});

/** As Nix 2.8 prints path info: the hash as SRI, and only what is true or not empty. */
function toNixJson(info: PathInfo | undefined): object {
  const { narHash = "", signatures = [], ultimate = false, ...rest } = info ?? {};
  const digest = Buffer.from(narHash.replace("sha256:", ""), "hex").toString("base64");
  return {
    ...rest,
    narHash: `sha256-${digest}`,
    ...(signatures.length > 0 ? { signatures } : {}),
    ...(ultimate ? { ultimate } : {}),
  };
}

/** Nix 2.8 prints a list, newer versions an object by path. */
function fromNixJson(text: string): object[] {
  const json: Record<string, object> | { readonly path: string }[] = JSON.parse(text);
  const infos = Array.isArray(json) ? json : Object.entries(json).map(([path, info]) => ({ path, ...info }));
  return infos.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
