import type { RunDeps } from "../run-deps.ts";

/** Signs a toplevel's closure with the configured key, so that the signatures outlive this machine's server. */
export async function signClosure({ config, nix, signal }: RunDeps, toplevel: string): Promise<void> {
  await nix.signClosure({ paths: [toplevel], keyFile: config.builder.signingKeyFile, signal });
}
