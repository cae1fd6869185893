import { averageByOthers } from "../stack/averageByOthers.ts";
import { isClearGain } from "../stack/isClearGain.ts";
import { type CostOf, type Judged, meanCost, takeJudged } from "./judged.ts";
import { selectAverage } from "./selectAverage.ts";

/** Weights of the candidates of a library, at least 0, with the sum 1. */
export interface ChosenWeights {
  readonly weights: Float64Array;
  /** How far they were drawn from the selected ones to the equal ones, 0 … 1. */
  readonly equalShare: number;
}

/** Equal weights are for learners with at most this times the least mean absolute error, or root of the mean squared one. */
const NEAR = 1.2;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/**
 * Weights of the candidates. Ensemble selection gives them where that lies below the cost of the best candidate by more than a
 * standard error, over the groups of rows; otherwise the best has all. Both are drawn towards equal weights for the best candidate
 * of each learner near the best. How far, `equalShare`, is the multiple of a quarter with the least cost on rows of each fold by the
 * weights that the others give; 0 where fewer than two folds have rows that weigh anything. Few and noisy rows, with whole groups held
 * out, want equal weights, many clean ones selection.
 *
 * @see Caruana, Niculescu-Mizil, Crew & Ksikes, ICML 2004, doi:10.1145/1015330.1015432; Diebold & Pauly, Int. J. Forecasting 6, 503
 * (1990), doi:10.1016/0169-2070(90)90028-A
 */
export function chooseWeights(judged: Judged, costOf: CostOf): ChosenWeights {
  const equalShare = fitShare(judged, costOf);
  return { weights: mix(selectedWeights(judged, costOf), equalWeights(judged, costOf), equalShare), equalShare };
}

function fitShare(judged: Judged, costOf: CostOf): number {
  const { fold, weights } = judged;
  const weighed = new Set(weights === undefined ? fold : fold.filter((_, i) => weights[i] !== 0));
  if (weighed.size < 2) return 0;
  const estimates = judged.library.map((candidate) => candidate.estimates);
  const byOthers = (weightsOf: (others: Judged, costOf: CostOf) => Float64Array): Float64Array =>
    averageByOthers(estimates, fold, (others) => ({
      weights: weightsOf(takeJudged(judged, others), costOf),
      centre: 0,
    })).mean;
  const selected = byOthers(selectedWeights);
  const equal = byOthers(equalWeights);
  const costs = SHARES.map((share) => meanCost(judged, mix(selected, equal, share), costOf));
  return SHARES[costs.indexOf(Math.min(...costs))] as number; // one of them
}

function selectedWeights(judged: Judged, costOf: CostOf): Float64Array {
  const { y, weights, library } = judged;
  const estimates = library.map((candidate) => candidate.estimates);
  const average = selectAverage(y, estimates, weights, costOf);
  const costs = estimates.map(({ mean }) => meanCost(judged, mean, costOf));
  const best = costs.indexOf(Math.min(...costs));
  const single = average.map((_, m) => (m === best ? 1 : 0));
  return isClearlyBetter(judged, average, single, costOf) ? average : single;
}

/** Whether the cost by the first weights is less by more than a standard error. */
function isClearlyBetter(judged: Judged, first: Float64Array, second: Float64Array, costOf: CostOf): boolean {
  const [one, other] = [averageMeans(judged, first), averageMeans(judged, second)];
  const gains = judged.y.map((y, i) => costOf(y - (other[i] as number)) - costOf(y - (one[i] as number))); // one per row
  return isClearGain(gains, judged);
}

/** Of the best candidate of each learner whose cost is near the least. */
function equalWeights(judged: Judged, costOf: CostOf): Float64Array {
  const { library } = judged;
  const costs = library.map(({ estimates }) => meanCost(judged, estimates.mean, costOf));
  const most = Math.min(...costs) * (costOf(NEAR) / costOf(1));
  const best = new Map<string, number>();
  for (const [m, { family }] of library.entries()) {
    const before = best.get(family.name);
    if ((costs[m] as number) <= most && (before === undefined || (costs[m] as number) < (costs[before] as number))) {
      best.set(family.name, m); // one cost per candidate
    }
  }
  const weights = new Float64Array(library.length);
  for (const m of best.values()) weights[m] = 1 / best.size;
  return weights;
}

function averageMeans({ y, library }: Judged, weights: Float64Array): Float64Array {
  const out = new Float64Array(y.length);
  for (const [m, { estimates }] of library.entries()) {
    const weight = weights[m] as number; // one per candidate
    if (weight === 0) continue;
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + weight * (estimates.mean[i] as number);
  }
  return out;
}

const mix = (first: Float64Array, second: Float64Array, share: number): Float64Array =>
  first.map((value, i) => (1 - share) * value + share * (second[i] as number)); // of one length
