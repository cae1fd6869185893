import { DomainError, type PredictiveDistribution } from "@materiome/core";

/** Equal-weight mixture of distributions: component k of row i is row `i * nNodes + k` of `parts`. */
export function mixture(parts: PredictiveDistribution, nNodes: number): PredictiveDistribution {
  const cdf = (row: number, target: number, value: number): number => {
    let sum = 0;
    for (let k = 0; k < nNodes; k++) sum += parts.cdf(row * nNodes + k, target, value);
    return sum / nNodes;
  };
  return {
    cdf,
    quantile(row, target, p) {
      if (!(p > 0 && p < 1)) throw new DomainError(`quantile: p must lie between 0 and 1, got ${p}`);
      // The mixture's quantile lies between those of its components.
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < nNodes; k++) {
        const value = parts.quantile(row * nNodes + k, target, p);
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      for (let step = 0; step < 80; step++) {
        const middle = low + (high - low) / 2;
        if (!(middle > low && middle < high)) break;
        if (cdf(row, target, middle) < p) low = middle;
        else high = middle;
      }
      return high;
    },
  };
}
