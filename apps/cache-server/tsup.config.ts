import { appConfig } from "@nix-cache/tooling-tsup";

export default appConfig({ main: "src/main.ts" });
