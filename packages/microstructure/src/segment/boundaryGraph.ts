import { borderPairs } from "../kernels/index.ts";

/** The common border of two regions; sums run over its pixel edges, those of `free` far from a third region. */
export interface Border {
  readonly n: number;
  readonly sum: number;
  readonly nFree: number;
  readonly sumFree: number;
  readonly version: number;
}

/** Neighbours of each label 0 … n with the border to them, in both directions. */
export type BoundaryGraph = Map<number, Border>[];

/**
 * The regions of a label map and their borders, with the strength summed along them.
 *
 * @param labels - 0 … nLabels; 0 takes no part
 * @param endPx - pixel edges with a third region this near are no longer `free`
 */
export function boundaryGraph(
  width: number,
  height: number,
  labels: Uint32Array,
  nLabels: number,
  strength: Float32Array,
  endPx: number,
): BoundaryGraph {
  const count = borderPairs(
    width,
    height,
    labels,
    nLabels,
    strength,
    endPx,
    new Float64Array(0),
    new Float32Array(0),
    new Uint8Array(0),
  );
  const pairs = new Float64Array(count);
  const values = new Float32Array(count);
  const free = new Uint8Array(count);
  borderPairs(width, height, labels, nLabels, strength, endPx, pairs, values, free);
  const sums = new Map<number, { n: number; sum: number; nFree: number; sumFree: number }>();
  for (const [k, key] of pairs.entries()) {
    if (key <= nLabels) continue; // a border to 0
    let entry = sums.get(key);
    if (entry === undefined) {
      entry = { n: 0, sum: 0, nFree: 0, sumFree: 0 };
      sums.set(key, entry);
    }
    const value = values[k]!; // as long as pairs
    entry.n++;
    entry.sum += value;
    if (free[k] === 1) {
      entry.nFree++;
      entry.sumFree += value;
    }
  }
  const graph = Array.from({ length: nLabels + 1 }, () => new Map<number, Border>());
  for (const [key, entry] of sums) {
    const a = Math.floor(key / (nLabels + 1));
    const b = key % (nLabels + 1);
    const border: Border = { ...entry, version: 0 };
    graph[a]!.set(b, border); // a and b are labels
    graph[b]!.set(a, border);
  }
  return graph;
}

/** Mean strength along a border: of its free part where there is one; a border that is all ends is judged whole. */
export function borderStrength(border: Border): number {
  return border.nFree > 0 ? border.sumFree / border.nFree : border.sum / border.n;
}
