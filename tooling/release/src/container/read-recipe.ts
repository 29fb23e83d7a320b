import { readFile } from "node:fs/promises";

import { ROOT } from "../support/places.ts";

/** Directory of the recipe and what belongs to it. */
export const CONTAINER_DIR: string = `${ROOT}/tooling/container`;

/** One instruction of a Containerfile, its continued lines joined. */
export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

/** A stage: its name and what it does, without what it takes from the one it starts from. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the recipe's text. */
export async function readRecipe(): Promise<string> {
  return readFile(`${CONTAINER_DIR}/Containerfile`, "utf8");
}

/** Splits a recipe into its stages; what comes before the first is left out. */
export function splitStages(recipe: string): readonly Stage[] {
  const instructions = listInstructions(recipe);
  const starts = instructions.flatMap(({ keyword }, index) => (keyword === "FROM" ? [index] : []));
  return starts.map((start, index) => {
    const [from = "", , name = ""] = (instructions[start]?.rest ?? "").split(" ");
    return { name, from, instructions: instructions.slice(start + 1, starts[index + 1]) };
  });
}

/** The instructions of a target, those of the stages that it builds on first. */
export function listInherited(stages: readonly Stage[], target: string): readonly Instruction[] {
  const stage = stages.find(({ name }) => name === target);
  return stage === undefined ? [] : [...listInherited(stages, stage.from), ...stage.instructions];
}

/** Splits a recipe into instructions. */
export function listInstructions(recipe: string): readonly Instruction[] {
  const lines = recipe.replaceAll(/^#.*\n/gm, "").replaceAll(/\\\n\s*/g, "");
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [keyword = "", ...words] = line.split(" ");
      return { keyword, rest: words.join(" ") };
    });
}
