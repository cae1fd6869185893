import type { RunContext } from "@materiome/core";
import { chooseInducing } from "./chooseInducing.ts";
import { drawRows } from "./drawRows.ts";
import type { LikelihoodData } from "./likelihood.ts";
import { type SearchResult, type SearchTask, searchFromDraws, searchHyperparameters } from "./searchHyperparameters.ts";

/** Rows on which the exact process finds where the search of the sparse one begins. */
const FIRST_ROWS = 400;
/** Choices of the inducing rows, and iterations between them. */
const ROUNDS = 2;
const ROUND_ITERATIONS = 10;
/** Gain of a round, in units of log likelihood, below which there is no further one. */
const LEAST_GAIN = 0.5;

export interface SparseSearch {
  readonly best: SearchResult;
  readonly all: readonly SearchResult[];
  readonly data: LikelihoodData;
}

/**
 * Hyper-parameters of a sparse process: several searches on few rows with the exact process, then rounds on all rows, each of
 * which chooses the inducing rows for the hyper-parameters reached and goes on from these. The round of the greatest bound wins.
 *
 * @see Burt, Rasmussen & van der Wilk, J. Mach. Learn. Res. 21, 131 (2020), section 7
 */
export async function searchSparse(
  task: Omit<SearchTask, "start">,
  nStarts: number,
  most: number,
  run: RunContext,
): Promise<SparseSearch> {
  const { data, maxIterations } = task;
  const few = drawRows(data, FIRST_ROWS, run.random.fork("first rows"));
  const first = await searchFromDraws({ ...task, data: few }, nStarts, run);
  let found: SparseSearch | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const start = found?.best.theta ?? first.best.theta;
    const sparse = { ...data, inducing: chooseInducing(data, start, most) };
    const iterations = Math.min(maxIterations, ROUND_ITERATIONS);
    const { best } = await searchHyperparameters([{ ...task, data: sparse, maxIterations: iterations, start }], run);
    const gain = best.value - (found?.best.value ?? Number.NEGATIVE_INFINITY);
    if (found === undefined || gain > 0) found = { best, all: first.all, data: sparse };
    if (gain < LEAST_GAIN || maxIterations === 0) break;
  }
  return found as SparseSearch; // at least one round
}
