import { requirePublicKey } from "../keys/read-public-key.ts";
import { liveGenerations } from "../live-generations.ts";
import type { KeepingState } from "./keeping-state.ts";
import { findLost, isNotEmpty } from "./store-state.ts";

/** Every path of every generation may need a signature. */
const SIGN_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/** What was signed. */
export interface SigningReport {
  readonly publicKey: string;
  readonly generations: number;
  /** Signatures that were missing. */
  readonly added: number;
  /** Published generations whose store paths are gone. */
  readonly missing: number;
}

/**
 * Signs the closure of every published generation with the configured key.
 *
 * @throws CommandError 1 when the key cannot be used
 */
export async function signPublished(state: KeepingState): Promise<SigningReport> {
  const { config, history, nix, signal } = state;
  const keyFile = config.builder.signingKeyFile;
  const publicKey = await requirePublicKey(keyFile);
  const toplevels = history
    .hosts()
    .flatMap((host) => liveGenerations(history, host))
    .map(({ toplevel }) => toplevel);
  const lost = await findLost(state, toplevels);
  const paths = toplevels.filter((path) => !lost.has(path));
  const { added } = isNotEmpty(paths)
    ? await nix.signClosure({ paths, keyFile, timeoutMs: SIGN_TIMEOUT_MS, signal })
    : { added: 0 };
  return { publicKey, generations: paths.length, added, missing: toplevels.length - paths.length };
}
