import { execa } from "execa";

/** A program that builds images and runs them. */
export interface Engine {
  readonly program: string;
  /** Why it is of no use on this machine; empty where it is. */
  readonly obstacle: string;
}

const BASE_IMAGES = ["docker.io/library/node:24-trixie-slim", "docker.io/library/debian:trixie-slim"];

/** Looks which engines answer and have, or can fetch, the images that ours start from. */
export async function findEngines(): Promise<readonly Engine[]> {
  return Promise.all(
    ["docker", "podman"].map(async (program) => ({ program, obstacle: await findObstacle(program) })),
  );
}

async function findObstacle(program: string): Promise<string> {
  const { exitCode, stderr } = await execa(program, ["info"], { reject: false });
  if (exitCode !== 0) return lastLine(stderr, "it is not installed");
  for (const image of BASE_IMAGES) {
    const present = await execa(program, ["image", "inspect", image], { reject: false });
    if (present.exitCode === 0) continue;
    const pulled = await execa(program, ["pull", image], { reject: false });
    if (pulled.exitCode !== 0) return lastLine(pulled.stderr, `it cannot fetch ${image}`);
  }
  return "";
}

function lastLine(text: string | undefined, otherwise: string): string {
  const line = (text ?? "").trim().split("\n").at(-1) ?? "";
  return line === "" ? otherwise : line;
}
