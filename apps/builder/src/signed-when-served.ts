import type { BuilderMachineConfig } from "./load-config.ts";

/** Whether the server signs what it serves with the builder's key, so that clients miss no signature in the store. */
export function isSignedWhenServed({ builder, cacheServer }: BuilderMachineConfig): boolean {
  return cacheServer.signingKeyFiles.includes(builder.signingKeyFile);
}
