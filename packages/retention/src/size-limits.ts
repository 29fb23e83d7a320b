import type { DropReason } from "./plan.ts";
import type { RetentionInput, RetentionPolicy } from "./retention-input.ts";
import type { OwnBytes, RootLedger } from "./root-ledger.ts";

/** A limit that is exceeded. */
export interface ExceededLimit {
  readonly reason: DropReason;
  /** Which bytes of a generation help against it. */
  readonly helps: (bytes: OwnBytes) => boolean;
}

/** The two limits on size, applied to what is left. */
export interface SizeLimits {
  readonly isOverCap: () => boolean;
  readonly isUnderMinFree: () => boolean;
  /** Gives the limit that forbids what is left; undefined where none does. */
  readonly findExceeded: () => ExceededLimit | undefined;
}

/** Creates the limits of a policy for what a ledger says is left. */
export function createSizeLimits(
  { freeBytes = 0 }: RetentionInput,
  { maxCacheSizeBytes, minFreeBytes }: Required<RetentionPolicy>,
  ledger: Pick<RootLedger, "rootedBytes" | "freedBytes">,
): SizeLimits {
  const expectedFreeBytes = (): number => freeBytes + ledger.freedBytes();
  const isOverCap = (): boolean => maxCacheSizeBytes > 0 && ledger.rootedBytes() > maxCacheSizeBytes;
  const isUnderMinFree = (): boolean => expectedFreeBytes() < minFreeBytes;
  const findExceeded = (): ExceededLimit | undefined => {
    if (isOverCap()) {
      const reason = { type: "cache-size", rootedBytes: ledger.rootedBytes(), maxCacheSizeBytes } as const;
      return { reason, helps: ({ exclusiveBytes }) => exclusiveBytes > 0 };
    }
    if (isUnderMinFree()) {
      const reason = { type: "free-space", freeBytes: expectedFreeBytes(), minFreeBytes } as const;
      return { reason, helps: ({ freeableBytes }) => freeableBytes > 0 };
    }
    return undefined;
  };
  return { isOverCap, isUnderMinFree, findExceeded };
}
