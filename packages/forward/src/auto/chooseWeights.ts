import type { Estimates } from "../learner/predictor.ts";
import { combine } from "../stack/stackPredictor.ts";
import { selectAverage } from "./selectAverage.ts";

export type CostOf = (error: number) => number;

/** Rows, and what candidates say of them. */
export interface Judged {
  readonly y: Float64Array;
  /** Undefined: each row counts once. */
  readonly weights: Float64Array | undefined;
  readonly groups: Int32Array;
  /** Inner fold of each row, in which candidates held it out. */
  readonly fold: Int32Array;
  /** At least one. */
  readonly library: readonly Candidate[];
}

export interface Candidate {
  readonly family: { readonly name: string };
  /** Held-out estimates of the rows. */
  readonly estimates: Estimates;
}

/** Weights of the candidates, at least 0, with the sum 1. */
type Weigh = (judged: Judged) => Float64Array;

/** Equal weights are for learners with at most this times the least mean absolute error, or root of the mean squared one. */
const NEAR = 1.2;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/**
 * Weights of the candidates. Ensemble selection gives them where that lies below the cost of the best candidate by more than a standard error, over
 * the groups of rows; otherwise the best has all. Both are drawn towards equal weights for the best candidate of each learner near the best. How far,
 * `equalShare`, is the multiple of a quarter with the least cost on rows of each fold by the weights that the others give; 0 where the rows are of one
 * fold. Few and noisy rows, with whole groups held out, want equal weights, many clean ones selection.
 *
 * @see Caruana, Niculescu-Mizil, Crew & Ksikes, ICML 2004, doi:10.1145/1015330.1015432; Diebold & Pauly, Int. J. Forecasting 6, 503 (1990),
 * doi:10.1016/0169-2070(90)90028-A
 */
export function chooseWeights(
  judged: Judged,
  costOf: CostOf,
): { readonly weights: Float64Array; readonly equalShare: number } {
  const select: Weigh = (rows) => selectedWeights(rows, costOf);
  const level: Weigh = (rows) => equalWeights(rows, costOf);
  const equalShare = new Set(judged.fold).size < 2 ? 0 : fitShare(judged, select, level, costOf);
  return { weights: mix(select(judged), level(judged), equalShare), equalShare };
}

/**
 * Rows of each fold as they are predicted by what the other folds choose. Candidates held these rows out, but weights chosen by them fit their
 * noise, so that the average errs less there than on new rows (Cawley & Talbot, J. Mach. Learn. Res. 11, 2079 (2010)).
 */
export function heldOutOfChoices(judged: Judged, costOf: CostOf): Estimates {
  return predictFolds(judged, (others) => chooseWeights(others, costOf).weights);
}

/** Mean over the rows, by their weights. */
export function meanCost(
  { y, weights }: Pick<Judged, "y" | "weights">,
  predicted: Float64Array,
  costOf: CostOf,
): number {
  let [sum, total] = [0, 0];
  for (const [i, value] of y.entries()) {
    const weight = weights?.[i] ?? 1;
    sum += weight * costOf(value - (predicted[i] as number)); // one per row
    total += weight;
  }
  return sum / total;
}

function fitShare(judged: Judged, select: Weigh, level: Weigh, costOf: CostOf): number {
  const selected = predictFolds(judged, select).mean;
  const equal = predictFolds(judged, level).mean;
  const costs = SHARES.map((share) => meanCost(judged, mix(selected, equal, share), costOf));
  return SHARES[costs.indexOf(Math.min(...costs))] as number; // one of them
}

function selectedWeights(judged: Judged, costOf: CostOf): Float64Array {
  const { y, weights, library } = judged;
  const average = selectAverage(y, estimatesOf(library), weights, costOf);
  const costs = library.map(({ estimates }) => meanCost(judged, estimates.mean, costOf));
  const best = costs.indexOf(Math.min(...costs));
  const single = average.map((_, m) => (m === best ? 1 : 0));
  return isClearlyBetter(judged, average, single, costOf) ? average : single;
}

/** Whether the cost by the first weights is less by more than a standard error, over the groups of rows. */
function isClearlyBetter(judged: Judged, first: Float64Array, second: Float64Array, costOf: CostOf): boolean {
  const [one, other] = [estimate(judged.library, first).mean, estimate(judged.library, second).mean];
  const gains = new Map<number, { gain: number; weight: number }>();
  let [sum, total] = [0, 0];
  for (const [i, y] of judged.y.entries()) {
    const weight = judged.weights?.[i] ?? 1;
    const gain = weight * (costOf(y - (other[i] as number)) - costOf(y - (one[i] as number))); // one per row
    const group = judged.groups[i] as number;
    const before = gains.get(group);
    gains.set(group, { gain: (before?.gain ?? 0) + gain, weight: (before?.weight ?? 0) + weight });
    sum += gain;
    total += weight;
  }
  const squares = [...gains.values()].reduce((all, { gain, weight }) => all + (gain - (weight * sum) / total) ** 2, 0);
  return sum > Math.sqrt(squares);
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

/** Rows of each fold by the weights that the other folds give. */
function predictFolds(judged: Judged, weigh: Weigh): Estimates {
  const out: Estimates = {
    mean: new Float64Array(judged.fold.length),
    variance: new Float64Array(judged.fold.length),
  };
  for (const k of new Set(judged.fold)) {
    const own = Int32Array.from(judged.fold.keys()).filter((i) => judged.fold[i] === k);
    const others = Int32Array.from(judged.fold.keys()).filter((i) => judged.fold[i] !== k);
    const weights = weigh(takeJudged(judged, others));
    const { mean, variance } = estimate(takeJudged(judged, own).library, weights);
    for (const [r, i] of own.entries()) {
      out.mean[i] = mean[r] as number; // one per row
      out.variance[i] = variance[r] as number;
    }
  }
  return out;
}

/** Averages without those of weight 0, whose variance may be unknown. */
function estimate(library: readonly Candidate[], weights: Float64Array): Estimates {
  const members = estimatesOf(library.filter((_, m) => weights[m] !== 0));
  return combine(
    members,
    weights.filter((weight) => weight !== 0),
    0,
  );
}

function takeJudged({ y, weights, groups, fold, library }: Judged, kept: Int32Array): Judged {
  const take = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i] as number); // one per row
  return {
    y: take(y),
    weights: weights && take(weights),
    groups: kept.map((i) => groups[i] as number),
    fold: kept.map((i) => fold[i] as number),
    library: library.map(({ family, estimates: { mean, variance } }) => ({
      family,
      estimates: { mean: take(mean), variance: take(variance) },
    })),
  };
}

const mix = (first: Float64Array, second: Float64Array, share: number): Float64Array =>
  first.map((value, i) => (1 - share) * value + share * (second[i] as number)); // of one length

const estimatesOf = (library: readonly Candidate[]): readonly Estimates[] => library.map(({ estimates }) => estimates);
