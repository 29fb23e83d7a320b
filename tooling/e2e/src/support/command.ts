/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings that let Nix build as any user, with the machine's shell and without a network. */
export const NIX_CONFIG: string = [
  "sandbox = false",
  "build-users-group =",
  "substituters =",
  "experimental-features = nix-command flakes",
].join("\n");

interface FinishedCommand {
  readonly exitCode?: number | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
}

/** Keeps of a finished command what tests look at. */
export function toEnd({ exitCode, stdout, stderr }: FinishedCommand): CommandEnd {
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}
