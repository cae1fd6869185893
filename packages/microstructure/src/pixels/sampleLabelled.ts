import type { LabelMap, Random } from "@materiome/core";

/** Pixels drawn from one image for training. */
export interface LabelledSample {
  /** y · width + x, ascending. */
  readonly pixels: Int32Array;
  /** Class of each, from 0. */
  readonly codes: Int32Array;
  /** Labelled pixels of each class in the image. */
  readonly labelled: Float64Array;
}

/** Draws up to `perClass` pixels of every class without replacement; labels are 0 (none) or 1 … nClasses. */
export function sampleLabelled(labels: LabelMap, nClasses: number, perClass: number, random: Random): LabelledSample {
  const { data } = labels;
  const labelled = new Float64Array(nClasses);
  for (const label of data) if (label > 0) labelled[label - 1]!++; // labels are at most nClasses
  const lists = Array.from(labelled, (count) => new Int32Array(count));
  const filled = new Int32Array(nClasses);
  for (const [i, label] of data.entries()) if (label > 0) lists[label - 1]![filled[label - 1]!++] = i; // as above
  const drawn: { readonly pixel: number; readonly code: number }[] = [];
  for (const [code, list] of lists.entries()) {
    const stream = random.fork(code);
    const n = Math.min(perClass, list.length);
    for (let k = 0; k < n; k++) {
      const at = k + stream.int(list.length - k);
      const pixel = list[at]!; // k ≤ at < length
      list[at] = list[k]!;
      list[k] = pixel;
      drawn.push({ pixel, code });
    }
  }
  drawn.sort((p, q) => p.pixel - q.pixel);
  return { pixels: Int32Array.from(drawn, (d) => d.pixel), codes: Int32Array.from(drawn, (d) => d.code), labelled };
}
