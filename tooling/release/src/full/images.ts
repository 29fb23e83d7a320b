import { execa } from "execa";

import { ROOT } from "../support/places.ts";

/** As compose.yaml has it, and without any network. */
const LOCKED = [
  "--read-only",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  "--network=none",
  "--tmpfs=/tmp",
];

/** An image of the recipe. */
export interface Image {
  readonly program: string;
  readonly target: string;
  readonly image: string;
}

/** How a container is started, besides with no rights. */
export interface RunOptions {
  /** Volumes and mounts, in the engine's words. */
  readonly volumes?: readonly string[];
  readonly entrypoint?: string;
  /** Stays up under this name; what is not named ends by itself. */
  readonly name?: string;
}

/** Builds an image from the checkout. */
export async function buildImage({ program, target, image }: Image): Promise<void> {
  const recipe = ["--target", target, "--tag", image, "--file", "tooling/container/Containerfile", "."];
  await execa(program, ["build", ...recipe], { cwd: ROOT });
}

/** Starts a container with nothing allowed that compose.yaml does not allow, and gives what it prints. */
export async function runLocked(
  { program, image }: Image,
  command: readonly string[],
  { volumes = [], entrypoint, name }: RunOptions = {},
): Promise<string> {
  const flags = [
    ...LOCKED,
    ...volumes.map((volume) => `--volume=${volume}`),
    ...(entrypoint === undefined ? [] : [`--entrypoint=${entrypoint}`]),
    ...(name === undefined ? ["--rm"] : ["--detach", `--name=${name}`]),
  ];
  const { stdout } = await execa(program, ["run", ...flags, image, ...command]);
  return stdout;
}
