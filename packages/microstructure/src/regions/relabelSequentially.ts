import type { LabelMap } from "@materiome/core";
import { requireLabels } from "./labelCheck.ts";

export interface RelabelledRegions {
  readonly labels: LabelMap;
  /** Entry k is the old number of region k; entry 0 is 0. */
  readonly oldLabels: Uint32Array;
}

/**
 * Numbers regions 1 … n without gaps, in the order of their old numbers; 0 stays.
 *
 * @throws ShapeError for more than one channel
 * @example
 * const { labels, oldLabels } = relabelSequentially(edited);
 */
export function relabelSequentially(labels: LabelMap): RelabelledRegions {
  requireLabels("relabelSequentially", labels);
  const found = new Set(labels.data);
  found.add(0);
  const oldLabels = Uint32Array.from(found).sort();
  const data = new Uint32Array(labels.data.length);
  const last = oldLabels.at(-1) ?? 0;
  if (last <= 4 * data.length + 1024) {
    const numbers = new Uint32Array(last + 1);
    for (const [k, old] of oldLabels.entries()) numbers[old] = k;
    for (let i = 0; i < data.length; i++) data[i] = numbers[labels.data[i]!]!; // numbers has an entry up to the last label
  } else {
    const numbers = new Map(Array.from(oldLabels, (old, k) => [old, k]));
    for (let i = 0; i < data.length; i++) data[i] = numbers.get(labels.data[i]!)!; // every label is a key
  }
  return { labels: { ...labels, data }, oldLabels };
}
