import { decodeArray, FormatError } from "@materiome/core";
import type { RankedColumns } from "@materiome/core/numerics";
import { COARSE_MISSING } from "../kernels/index.ts";

const MOST_EDGES = 255;

/** Number of coarse codes of a column, without that of missing values. */
export function coarseCodes(data: RankedColumns, feature: number): number {
  const { n, coarse } = data;
  let most = 0;
  for (let at = feature * n; at < (feature + 1) * n; at++) {
    const code = coarse[at] as number; // at < n × d
    if (code > most && code !== COARSE_MISSING) most = code;
  }
  return most + 1;
}

/** Value that parts each two neighbouring coarse codes, half way between what training rows had on both sides. */
export function edgesOf(data: RankedColumns): Float64Array {
  const edges = new Float64Array(256 * data.d).fill(Number.POSITIVE_INFINITY);
  for (let f = 0; f < data.d; f++) {
    const nCodes = coarseCodes(data, f);
    for (let k = 0; k + 1 < nCodes; k++) {
      const high = data.coarseHigh[f * 256 + k] as number; // k < 255, f < d
      const low = data.coarseLow[f * 256 + k + 1] as number;
      const middle = high + (low - high) / 2;
      edges[f * 256 + k] = middle < low ? middle : high;
    }
  }
  return edges;
}

/** @throws FormatError unless each feature has 256 edges that ascend */
export function decodeEdges(data: unknown, nFeatures: number): Float64Array {
  const edges = decodeArray(data, "f64");
  let isWhole = edges.length === 256 * nFeatures;
  for (let k = 0; isWhole && k < edges.length; k++) {
    const at = k % 256;
    const edge = edges[k] as number; // k < length
    isWhole = at === 0 ? !Number.isNaN(edge) : edge >= (edges[k - 1] as number);
    if (at === MOST_EDGES) isWhole &&= edge === Number.POSITIVE_INFINITY;
  }
  if (!isWhole) throw new FormatError("model: the stored edges are inconsistent; the file is damaged, train again");
  return edges;
}
