import { vitestConfig } from "@nix-cache/tooling-vitest";

export default vitestConfig();
