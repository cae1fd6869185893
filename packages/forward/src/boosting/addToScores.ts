import type { GrownNode } from "./growBoostedTree.ts";

/** Adds the value of each leaf to the scores of its rows, in the sample and outside it; score of row i at `offset + i`. */
export function addToScores(
  leaves: readonly GrownNode[],
  values: Float64Array,
  rows: Int32Array,
  scores: Float64Array,
  offset = 0,
): void {
  for (const [k, { start, end, unseenStart, unseenEnd }] of leaves.entries()) {
    const value = values[k] as number; // one a leaf
    addToRows(rows.subarray(start, end), value, scores, offset);
    addToRows(rows.subarray(unseenStart, unseenEnd), value, scores, offset);
  }
}

function addToRows(rows: Int32Array, value: number, scores: Float64Array, offset: number): void {
  for (let i = 0; i < rows.length; i++) {
    const at = offset + (rows[i] as number); // i < length
    scores[at] = (scores[at] as number) + value;
  }
}
