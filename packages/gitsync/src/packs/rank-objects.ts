import { OID_BYTES } from "./pack-index.ts";
import type { PackIndex } from "./pack-index.ts";

/** The objects of several packs in one order. */
export interface RankedObjects {
  /** Object names, 20 bytes each, ascending, none of them twice. */
  readonly oids: Uint8Array;
  /** For each index, and each position in it, the object's place among these names. */
  readonly ranks: readonly Uint32Array[];
}

/** Sorts the objects of several packs by name; an object that several of them have comes once. */
export function rankObjects(indexes: readonly PackIndex[]): RankedObjects {
  const all = Buffer.concat(indexes.map(({ oids }) => oids));
  const compare = (a: number, b: number): number =>
    all.compare(all, b * OID_BYTES, (b + 1) * OID_BYTES, a * OID_BYTES, (a + 1) * OID_BYTES);
  const order = Uint32Array.from({ length: all.length / OID_BYTES }, (_, place) => place).toSorted(compare);
  const ranks = new Uint32Array(order.length);
  const oids = Buffer.alloc(all.length);
  let count = 0;
  let previous: number | undefined;
  for (const place of order) {
    if (previous === undefined || compare(previous, place) !== 0) {
      all.copy(oids, count * OID_BYTES, place * OID_BYTES, (place + 1) * OID_BYTES);
      count += 1;
    }
    ranks[place] = count - 1;
    previous = place;
  }
  return { oids: oids.subarray(0, count * OID_BYTES), ranks: splitRanks(ranks, indexes) };
}

function splitRanks(ranks: Uint32Array, indexes: readonly PackIndex[]): Uint32Array[] {
  let end = 0;
  return indexes.map(({ crcs }) => {
    const start = end;
    end += crcs.length;
    return ranks.subarray(start, end);
  });
}
