import { createRandom } from "@materiome/core";
import { mean, median } from "./averages.ts";

/** What one run through a pool came to. */
export interface PoolRun {
  /** Evaluations, the starts included, until 80 % of the top were found. */
  readonly toTop: number;
  /** And until the best candidate was. */
  readonly toBest: number;
  /** How many of the top were found after each evaluation. */
  readonly found: readonly number[];
}

export function scoreRun(order: readonly number[], top: readonly number[], need: number): PoolRun {
  const wanted = new Set(top);
  let count = 0;
  const found = order.map((i) => {
    if (wanted.has(i)) count++;
    return count;
  });
  return { toTop: found.findIndex((n) => n >= need) + 1, toBest: order.indexOf(top[0] ?? -1) + 1, found };
}

/** Of the top that must be found: 80 %, rounded up. */
export function neededOf(nTop: number): number {
  return Math.ceil(0.8 * nTop - 1e-9);
}

export interface StrategyScore {
  readonly name: string;
  readonly meanToTop: number;
  readonly medianToTop: number;
  readonly medianToBest: number;
  /** Largest ratio of the mean share of the top to that of random choice, over the number of evaluations (Liang et al.). */
  readonly enhancement: number;
  /** Evaluations that random choice needs on average for 80 % of the top, over those of the strategy. */
  readonly acceleration: number;
}

export function scoreStrategy(
  name: string,
  runs: readonly PoolRun[],
  pool: { readonly size: number; readonly nTop: number },
): StrategyScore {
  const { size, nTop } = pool;
  let enhancement = 1;
  for (let i = 2; i < size; i++) {
    // Runs end once 80 % and the best are found: from the first end on the curve would be of fewer runs.
    if (runs.some(({ found }) => found.length <= i)) break;
    const share = mean(runs.map(({ found }) => (found[i] as number) / nTop));
    enhancement = Math.max(enhancement, share / ((i + 1) / size));
  }
  const meanToTop = mean(runs.map((run) => run.toTop));
  return {
    name,
    meanToTop,
    medianToTop: median(runs.map((run) => run.toTop)),
    medianToBest: median(runs.map((run) => run.toBest)),
    enhancement,
    // The k-th of K marked among N in random order comes at k (N + 1) / (K + 1).
    acceleration: (neededOf(nTop) * (size + 1)) / (nTop + 1) / meanToTop,
  };
}

/**
 * Ratio of the mean evaluations of ours to those of the better baseline, with its 95 % interval by bootstrap over repeats (all
 * strategies of a repeat share their starts, so that repeats are drawn as wholes; the better baseline is chosen anew in each draw).
 */
export function ratioToBetter(
  ours: readonly number[],
  baselines: readonly (readonly number[])[],
  seed: number,
): { readonly ratio: number; readonly ci: readonly [number, number]; readonly draws: readonly number[] } {
  const n = ours.length;
  const of = (rows: readonly number[]): number =>
    mean(rows.map((i) => ours[i] as number)) / Math.min(...baselines.map((b) => mean(rows.map((i) => b[i] as number))));
  const random = createRandom(seed).fork("bootstrap");
  const draws = Array.from({ length: 2000 }, () => of(Array.from({ length: n }, () => random.int(n))));
  const sorted = draws.toSorted((a, b) => a - b);
  return { ratio: of([...ours.keys()]), ci: [sorted[49] as number, sorted[1949] as number], draws };
}
