import { greedyRow } from "../kernels/index.ts";
import { bindRows, evaluateRow, setHyperparameters, setPointToRow } from "./covarianceRows.ts";
import { JITTER } from "./evidenceBound.ts";
import type { LikelihoodData } from "./likelihood.ts";
import { priorVariances } from "./noiseBlocks.ts";

/**
 * Training rows to carry a sparse process: each is the one whose function value the rows before it leave most uncertain (the
 * first of those alike). Ends early where nothing is left. Costs n · most² / 2.
 *
 * @see Burt, Rasmussen & van der Wilk, J. Mach. Learn. Res. 21, 131 (2020), section 5: greedy conditional variance
 */
export function chooseInducing(data: LikelihoodData, theta: Float64Array, most: number): Int32Array {
  const { root, x, scaling } = data;
  const n = x.rows;
  const rows = bindRows(root, x, scaling);
  setHyperparameters(rows, theta);
  const left = priorVariances(data, theta);
  const factor = new Float64Array(Math.min(most, n) * n);
  const chosen: number[] = [];
  while (chosen.length < Math.min(most, n)) {
    let pivot = 0;
    for (let j = 1; j < n; j++) if ((left[j] as number) > (left[pivot] as number)) pivot = j; // j < n
    if (!((left[pivot] as number) > JITTER)) break;
    setPointToRow(rows, pivot);
    evaluateRow(rows, n, -1);
    factor.set(rows.values, chosen.length * n);
    greedyRow(n, chosen.length, pivot, factor, left);
    chosen.push(pivot);
  }
  return Int32Array.from(chosen);
}
