import { NixError } from "@nix-cache/nix-exec";

/**
 * Looks at the store, and once more when Nix fails: a collection of the machine's own may delete in the middle of the
 * first look what is not looked up any more the second time.
 */
export async function tryTwice<Result>(
  { signal }: { readonly signal: AbortSignal },
  look: () => Promise<Result>,
): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof NixError)) throw error;
    signal.throwIfAborted();
    return await look();
  }
}
