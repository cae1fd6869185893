import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { positionOf } from "../space/variable.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";

/** Side of the region at the start, where it is given up, and at most, as shares of the unit cube. */
const START = 0.8;
const LEAST = 0.5 ** 7;
const MOST = 1.6;
const SUCCESSES = 3;
/** A success gains more than this share of the best value. */
const GAIN = 1e-3;
/** How far the sides may differ from their mean. */
const STRETCH = 4;

/** Where a trust region stands after the told results. */
export interface TrustRegionState {
  /** First row that counts: everything before belongs to regions that were given up. */
  readonly from: number;
  readonly length: number;
  /** Rows that are told since `from`. */
  readonly told: number;
  /** False where none of these gave a value. */
  readonly hasValue: boolean;
}

/** Bounds of positions, one for each variable. */
export interface Box {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly centre: Point;
}

/**
 * The trust region of TuRBO-1, found again from the results in the order they were told, so that a campaign needs no memory beside
 * its journal: its side doubles after three successes in a row, halves after as many failures as there are variables (at least 4),
 * and below 2⁻⁷ it is given up and a new one begins with a space-filling start, which goes on until an experiment gave a value.
 *
 * @param values - larger is better; NaN for a failed or unmeasured experiment, which is no success
 * @param nInitial - rows that each region starts with
 * @see Eriksson, Pearce, Gardner, Turner & Poloczek, NeurIPS 2019, arXiv:1910.01739
 */
export function trustRegionState(values: Float64Array, nVariables: number, nInitial: number): TrustRegionState {
  const most = Math.max(4, nVariables);
  let from = 0;
  let length = START;
  let successes = 0;
  let failures = 0;
  let best = Number.NEGATIVE_INFINITY;
  values.forEach((value, i) => {
    const isStart = i - from < nInitial || best === Number.NEGATIVE_INFINITY;
    const isSuccess = value > best + GAIN * Math.abs(best);
    if (value > best) best = value;
    if (isStart) return;
    successes = isSuccess ? successes + 1 : 0;
    failures = isSuccess ? 0 : failures + 1;
    if (successes === SUCCESSES) [length, successes] = [Math.min(MOST, 2 * length), 0];
    if (failures === most) [length, failures] = [length / 2, 0];
    if (length >= LEAST) return;
    [from, length, successes, failures, best] = [i + 1, START, 0, 0, Number.NEGATIVE_INFINITY];
  });
  return { from, length, told: values.length - from, hasValue: best > Number.NEGATIVE_INFINITY };
}

/**
 * The box around a centre: sides as the trust region's, longer where the surrogate hardly changes. TuRBO takes the
 * length-scales for that, which only some surrogates have; the box takes what every surrogate has, the inverse of the root mean square slope
 * of the mean at the told points, between ¼ and 4 times the geometric mean.
 */
export function trustRegionBox(
  space: SearchSpace,
  model: SurrogateModel,
  told: readonly Point[],
  centre: Point,
  length: number,
): Box {
  const x = encodePoints(space, told);
  const { dMean } = model.meanVarianceGradient(x);
  const widths = space.variables.map(({ name }) => {
    let sum = 0;
    x.features.forEach(({ source }, f) => {
      if (source[0] !== name) return;
      for (let i = 0; i < x.rows; i++) sum += (dMean.data[i * x.columns + f] as number) ** 2 / x.rows;
    });
    return sum > 0 ? -0.5 * Math.log(sum) : undefined;
  });
  const known = widths.filter((w) => w !== undefined);
  const middle = known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
  const low = new Float64Array(widths.length);
  const high = new Float64Array(widths.length).fill(1);
  space.variables.forEach((variable, j) => {
    if (variable.kind === "category" || Number.isNaN(centre[j] as number)) return;
    const stretch = Math.min(STRETCH, Math.max(1 / STRETCH, Math.exp((widths[j] ?? middle + 9) - middle)));
    const at = positionOf(variable, centre[j] as number); // j < variables
    low[j] = Math.min(1, Math.max(0, at - 0.5 * length * stretch));
    high[j] = Math.max(0, Math.min(1, at + 0.5 * length * stretch));
  });
  return { low, high, centre };
}
