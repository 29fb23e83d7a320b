import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { makePrivateNix, type PrivateNix } from "@nix-cache/tooling-parts";

import { KEY_1 } from "./fixtures.ts";

/** A private store with a few paths built by real Nix. */
export interface PopulatedStore extends PrivateNix {
  /** One file. */
  readonly leaf: string;
  /** A tree with an executable, a symbolic link, and references to leaf and itself; its closure is signed with KEY_1. */
  readonly tree: string;
  /** A directory of a file of 64 MiB and, after it, many small ones, the last of them `z-last`. */
  readonly large: string;
  /** A text without references, which Nix addresses by its content. */
  readonly text: string;
}

const EXPRESSION = `
let
  build = name: script: attrs: derivation ({
    inherit name; system = builtins.currentSystem; builder = "/bin/sh"; PATH = "/bin:/usr/bin";
    args = [ "-c" script ];
  } // attrs);
  leaf = build "leaf" "echo leaf > $out" { };
in [
  leaf
  (build "tree" ''
    mkdir -p $out/bin $out/share
    echo "$leaf $out" > $out/share/self
    echo exit > $out/bin/run; chmod +x $out/bin/run
    ln -s ../bin/run $out/share/link
  '' { inherit leaf; })
  (build "large" ''
    mkdir $out
    truncate -s 64M $out/a-large
    for number in 0 1 2 3 4 5 6 7 8 9; do
      for digit in 0 1 2 3 4 5 6 7 8 9; do echo small > $out/b-$number$digit; done
    done
    echo last > $out/z-last
  '' { })
]`;

const TEXT = 'builtins.toFile "text" "abc"';

/** Builds the store; takes about half a second. */
export function makePopulatedStore(): PopulatedStore {
  const nix = makePrivateNix();
  const keyFile = join(nix.root, "secret-key");
  writeFileSync(keyFile, KEY_1.secret);
  const [leaf = "", tree = "", large = ""] = nix.run("nix-build", "--no-out-link", "-E", EXPRESSION);
  const [text = ""] = nix.run("nix-instantiate", "--eval", "--read-write-mode", "-E", TEXT);
  nix.run("nix", "store", "sign", "--recursive", "--key-file", keyFile, tree);
  return { ...nix, leaf, tree, large, text: JSON.parse(text) };
}

/** Hash part of a store path. */
export function hashPartOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).slice(0, 32);
}
