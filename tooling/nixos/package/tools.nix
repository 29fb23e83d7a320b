# What the apps are written, built and tested with. All else that they depend on becomes part of their bundles, so that
# a new library needs no line here; a new tool without one costs a download.
[
  "@nix-cache/tooling-parts"
  "@nix-cache/tooling-tsup"
  "@nix-cache/tooling-vitest"
  "@types/node"
  "fast-check"
  "tsup"
  "typescript"
  "vitest"
]
