import { buildEnvironment } from "../src/environment.ts";
import { runProcess } from "../src/run.ts";
import { createFlakeStore, type FlakeStore } from "./flake-store.ts";
import { commitFiles } from "./private-store.ts";

/** What a command of Nix came to. */
export interface ProbeOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A store to try commands in, without the package's own spellings. */
export interface Probe extends AsyncDisposable {
  readonly fixture: FlakeStore;
  /** A valid path that a root protects. */
  readonly outPath: string;
  readonly drvPath: string;
  nix(...argv: readonly string[]): Promise<ProbeOutput>;
  nixStore(...argv: readonly string[]): Promise<ProbeOutput>;
  /** The log of `nix`, to which local repositories are remote ones. */
  fetchLog(...argv: readonly string[]): Promise<string>;
  /** Whether `nix` runs this and ends well. */
  succeeds(...argv: readonly string[]): Promise<boolean>;
  /** Whether `nix` knows an option or a command, whatever it says of the rest. */
  knows(...argv: readonly string[]): Promise<boolean>;
  /** A new directory with files. */
  directory(name: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** A new directory with the flake of two inputs, `a` and `b`, locked. */
  flake(name: string): Promise<string>;
}

/** Creates the store. */
export async function createProbe(): Promise<Probe> {
  const fixture = await createFlakeStore();
  const env = buildEnvironment(fixture.options);
  const { binDir } = fixture.options;
  const run = async (program: string, argv: readonly string[], more = {}): Promise<ProbeOutput> => {
    const lines: string[] = [];
    const result = await runProcess({
      program: binDir === undefined ? program : `${binDir}/${program}`,
      argv,
      env: { ...env, ...more },
      timeoutMs: 60_000,
      onStderrLine: (line) => lines.push(line),
    });
    if (result.type !== "exited") throw new Error(`expected ${program} to exit, but it was ${result.type}`);
    return { ...result, stderr: lines.join("\n") };
  };
  const nix = async (...argv: readonly string[]): Promise<ProbeOutput> => run("nix", argv);
  const directory: Probe["directory"] = async (name, files) => {
    await commitFiles(fixture.inStore(name), files);
    return fixture.inStore(name);
  };
  return {
    fixture,
    outPath: await fixture.buildOk("probe"),
    drvPath: await fixture.drvPathOf("ok"),
    nix,
    nixStore: async (...argv) => run("nix-store", argv),
    async fetchLog(...argv) {
      const words = [...argv, "--log-format", "internal-json", "-v"];
      return (await run("nix", words, { _NIX_FORCE_HTTP: "1" })).stderr;
    },
    succeeds: async (...argv) => (await nix(...argv)).exitCode === 0,
    knows: async (...argv) => !/unrecognised flag|not a recognised command/.test((await nix(...argv)).stderr),
    directory,
    async flake(name) {
      const path = await directory(name, { "flake.nix": formatTwoInputs(fixture.inStore("input")) });
      await fixture.nix.updateDirectory({ directory: path });
      return path;
    },
    [Symbol.asyncDispose]: async () => fixture[Symbol.asyncDispose](),
  };
}

function formatTwoInputs(repository: string): string {
  const urls = ["a", "b"].map((name) => `inputs.${name}.url = "git+file://${repository}";`);
  return `{ ${urls.join(" ")} outputs = { self, a, b }: { x = 1; }; }`;
}
