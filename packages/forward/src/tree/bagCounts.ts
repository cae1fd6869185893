import { createRandom, DomainError, decodeArray, encodeArray, FormatError, type Json } from "@materiome/core";
import { type BagInput, drawGroups } from "./bag.ts";

/** How often each group of rows is in the bag of each tree, [nTrees, nGroups]. */
export interface BagCounts {
  readonly nGroups: number;
  readonly counts: Uint8Array;
}

/**
 * The bags of a forest that was grown with this key, drawn again.
 *
 * @throws DomainError for a bag with one group 256 times or more
 */
export function bagCounts(input: Omit<BagInput, "first" | "last">, key: string, nTrees: number): BagCounts {
  const { nGroups } = input;
  const counts = new Uint8Array(nTrees * nGroups);
  for (let t = 0; t < nTrees; t++) {
    const copies = drawGroups({ ...input, first: t, last: t + 1 }, t, createRandom(key).fork("tree").fork(t));
    if (copies.some((count) => count > 255)) throw new DomainError("random forest: a group is in a bag over 255 times");
    counts.set(copies, t * nGroups);
  }
  return { nGroups, counts };
}

export function encodeBags({ nGroups, counts }: BagCounts): { [key: string]: Json } {
  return { nGroups, counts: encodeArray(counts) };
}

/** @throws FormatError for counts that do not fit the trees */
export function decodeBags(data: unknown, nTrees: number): BagCounts {
  const { nGroups, counts } = (data ?? {}) as { readonly nGroups?: unknown; readonly counts?: unknown };
  const found = decodeArray(counts, "u8");
  if (typeof nGroups !== "number" || found.length !== nTrees * nGroups) {
    throw new FormatError("forest: the stored bags do not fit the trees; the file is damaged, train again");
  }
  return { nGroups, counts: found };
}
