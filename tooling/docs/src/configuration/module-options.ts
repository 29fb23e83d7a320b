import * as z from "zod";

import { evaluateNix } from "../evaluate-nix.ts";
import { formatTable } from "../format-table.ts";
import { ROOT } from "../places.ts";

/** What a manual says of one option of the NixOS modules. */
export interface ModuleOption {
  /** Full name, with `*` for an entry of a list. */
  readonly name: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
  readonly example?: string | undefined;
}

const optionList: z.ZodType<readonly ModuleOption[]> = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    default: z.string(),
    description: z.string(),
    example: z.string().optional(),
  }),
);

/** Lists the options of the NixOS modules, by evaluating these. */
export async function readModuleOptions(): Promise<readonly ModuleOption[]> {
  return optionList.parse(await evaluateNix(`${ROOT}/tooling/nixos/options.nix`));
}

/** Writes the table of the options below a name. */
export function formatModuleOptions(options: readonly ModuleOption[], prefix: string): string {
  return formatTable(
    ["option", "type", "default", "meaning"],
    options
      .filter(({ name }) => name.startsWith(`${prefix}.`))
      .map((option) => [
        `\`${option.name.slice(prefix.length + 1)}\``,
        option.type,
        option.default === "required" ? option.default : `\`${option.default}\``,
        describe(option),
      ]),
  );
}

/** An example of several lines is prose of its own, which a table cannot hold. */
function describe({ description, example }: ModuleOption): string {
  const text = description.trim();
  return example === undefined || example.includes("\n") ? text : `${text} Example: \`${example}\``;
}
