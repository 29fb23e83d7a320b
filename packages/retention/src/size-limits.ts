import type { DropReason } from "./plan.ts";
import type { RetentionInput, RetentionPolicy } from "./retention-input.ts";

/** The two limits on size, applied to what would be rooted. */
export interface SizeLimits {
  /** Tells whether this many rooted NAR bytes exceed maxCacheSizeBytes. */
  readonly isOverCap: (rootedBytes: number) => boolean;
  /** Tells whether dropping down to this many rooted NAR bytes leaves fewer than minFreeBytes free. */
  readonly isUnderMinFree: (rootedBytes: number) => boolean;
  /** Gives the limit that forbids this many rooted NAR bytes; undefined where none does. */
  readonly findExceeded: (rootedBytes: number) => DropReason | undefined;
}

/** @param rootedBytesBefore - NAR bytes rooted now: what goes below adds to the bytes free now */
export function createSizeLimits(
  { freeBytes = 0 }: RetentionInput,
  { maxCacheSizeBytes, minFreeBytes }: Required<RetentionPolicy>,
  rootedBytesBefore: number,
): SizeLimits {
  const freeAfter = (rootedBytes: number): number => freeBytes + rootedBytesBefore - rootedBytes;
  const isOverCap = (rootedBytes: number): boolean =>
    maxCacheSizeBytes > 0 && rootedBytes > maxCacheSizeBytes;
  const isUnderMinFree = (rootedBytes: number): boolean => freeAfter(rootedBytes) < minFreeBytes;
  const findExceeded = (rootedBytes: number): DropReason | undefined => {
    if (isOverCap(rootedBytes)) return { type: "cache-size", rootedBytes, maxCacheSizeBytes };
    if (isUnderMinFree(rootedBytes)) {
      return { type: "free-space", freeBytes: freeAfter(rootedBytes), minFreeBytes };
    }
    return undefined;
  };
  return { isOverCap, isUnderMinFree, findExceeded };
}
