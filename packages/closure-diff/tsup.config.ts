import { libraryConfig } from "@nix-cache/tooling-tsup";

export default libraryConfig({ index: "src/index.ts" });
