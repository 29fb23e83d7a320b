import { type NixCommand, positional } from "../command.ts";
import { parseSize } from "../size.ts";

/** Options of planBuild. */
export interface PlanBuildOptions {
  /** Store path of a derivation, or of an output. */
  readonly path: string;
}

/** What `realise` would do. All of it is empty or 0 when everything is there. */
export interface BuildPlan {
  /** Derivations that would be built. */
  readonly willBuild: readonly string[];
  /** Paths that would be fetched from a substituter. */
  readonly willSubstitute: readonly string[];
  /** Paths that nobody has and that no derivation at hand makes. */
  readonly unknown: readonly string[];
  /** Compressed size of what would be fetched, as precise as Nix prints it: to 0.01 MiB, or 0.1 of a fitting unit. */
  readonly downloadBytes: number;
  /** Size of the same in the store. */
  readonly unpackedBytes: number;
}

/** Far more paths than a closure has. */
const MAX_STDERR_LINES = 1_000_000;

/** Tells what building a derivation would build and fetch, and how large that is; asks the substituters, builds nothing. */
export function planBuild(options: PlanBuildOptions): NixCommand<BuildPlan> {
  return {
    program: "nix-store",
    name: "nix-store --realise --dry-run",
    argv: ["--realise", positional(options.path), "--dry-run"],
    failureCode: "ERR_NIX_FAILED",
    maxStderrLines: MAX_STDERR_LINES,
    parse: ({ stderr }) => parseBuildPlan(stderr),
  };
}

type Section = "willBuild" | "willSubstitute" | "unknown";

const HEADINGS: readonly (readonly [RegExp, Section])[] = [
  [/^(?:this|these (\d+)) derivations? will be built:$/, "willBuild"],
  [/^(?:this|these (\d+)) paths? will be fetched \(.*\):$/, "willSubstitute"],
  [/^don't know how to build (?:this path|these paths)\b.*:$/, "unknown"],
];
const SIZES = /\((-?[\d.]+) (\w+) download, (-?[\d.]+) (\w+) unpacked\):$/;

/**
 * Reads the lists that Nix 2.4 to 2.35 and Lix print; what else is on stderr, such as a substituter that is down,
 * is passed over.
 *
 * @throws TypeError when a list is not as long as its heading says
 */
function parseBuildPlan(stderr: string): BuildPlan {
  const lists: Record<Section, string[]> = { willBuild: [], willSubstitute: [], unknown: [] };
  let sizes = { downloadBytes: 0, unpackedBytes: 0 };
  let expected = 0;
  let section: Section | undefined;
  for (const line of stderr.split("\n")) {
    const item = /^ {2}(\/\S+)$/.exec(line)?.[1];
    if (item !== undefined && section !== undefined) lists[section].push(item);
    const heading = HEADINGS.find(([pattern]) => pattern.test(line));
    if (heading === undefined) continue;
    section = heading[1];
    if (section !== "unknown") expected += Number(heading[0].exec(line)?.[1] ?? 1);
    if (section === "willSubstitute") sizes = readSizes(line);
  }
  const found = lists.willBuild.length + lists.willSubstitute.length;
  if (found !== expected) throw new TypeError(`expected ${expected} paths in the plan, found ${found}`);
  return { ...lists, ...sizes };
}

function readSizes(heading: string): { readonly downloadBytes: number; readonly unpackedBytes: number } {
  const [, download = "", downloadUnit = "", unpacked = "", unpackedUnit = ""] = SIZES.exec(heading) ?? [];
  return {
    downloadBytes: parseSize(download, downloadUnit),
    unpackedBytes: parseSize(unpacked, unpackedUnit),
  };
}
