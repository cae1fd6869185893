import { type Matrix, takeRows } from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";
import { membersOf, type TrainingSet } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import type { Estimates } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import { createRegressor, type ForwardLearner } from "../learner/regressor.ts";
import { fitStandardiser, standardise } from "../linear/standardiser.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { averageNearest, type NeighbourWeights, neighbourPredictor } from "./neighbourPredictor.ts";

export interface NearestNeighboursOptions {
  /** Number of neighbours; `auto`: the one with the least error of rows predicted from other groups. @defaultValue "auto" */
  readonly k?: number | "auto" | undefined;
  /** Most neighbours that `auto` tries. @defaultValue 30 */
  readonly maxK?: number | undefined;
  /** All neighbours alike, or by the inverse of their distance; `auto`: what has the lesser error. @defaultValue "auto" */
  readonly weights?: NeighbourWeights | "auto" | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "nearest neighbours";

/**
 * Mean of the k nearest training rows by Euclidean distance of standardised features. A neighbour at distance 0 outweighs all
 * others where weights are inverse distances.
 *
 * Every training row is predicted from the rows of other groups, exactly; k and the weights have the least squared error of
 * these (for the scaling of all rows), and the intervals come from them. Features without a bearing on the target disturb
 * this learner more than any other here. Missing values and weights are refused.
 *
 * @throws DomainError for options outside their range, missing inputs, or more neighbours than rows outside some group
 * @see Cover & Hart, IEEE Trans. Inf. Theory 13, 21 (1967), doi:10.1109/TIT.1967.1053964
 * @example
 * const model = await createNearestNeighbours().fit(x, y, { random: createRandom(1) });
 * console.log(model.report); // { k, weights, rmse }
 */
export function createNearestNeighbours(options: NearestNeighboursOptions = {}): ForwardLearner {
  const { k = "auto", maxK = 30, weights = "auto", level = 0.9 } = options;
  const check = optionCheck("createNearestNeighbours");
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
  check("k", k, k === "auto" || isCount(k), '"auto" or a whole number of at least 1');
  check("maxK", maxK, isCount(maxK), "a whole number of at least 1");
  check("weights", weights, ["uniform", "distance", "auto"].includes(weights), '"uniform", "distance" or "auto"');
  check("level", level, level > 0 && level < 1, "between 0 and 1");
  return createRegressor({
    name: WHO,
    type: "materiome/nearest-neighbours-learner",
    module: import.meta.url,
    settings: { k, maxK, weights, level },
    fit: (settings, rows) => fitNeighbours(settings, rows, check),
  });
}

interface Settings {
  readonly k: number | "auto";
  readonly maxK: number;
  readonly weights: NeighbourWeights | "auto";
  readonly level: number;
}

function fitNeighbours(settings: Settings, rows: TrainingSet, check: ReturnType<typeof optionCheck>): ForwardModel {
  const { x, y } = rows;
  const standardiser = fitStandardiser(x);
  const points = standardise(standardiser, x);
  const fewest = x.rows - Math.max(...membersOf(rows).map((own) => own.length));
  if (settings.k !== "auto")
    check("k", settings.k, settings.k <= fewest, `at most ${fewest}, the rows outside some group`);
  const most = settings.k === "auto" ? Math.min(settings.maxK, fewest) : settings.k;
  const near = nearestOutside(rows, points, most);
  const counts = settings.k === "auto" ? Array.from({ length: most }, (_, i) => i + 1) : [settings.k];
  const kinds: NeighbourWeights[] = settings.weights === "auto" ? ["uniform", "distance"] : [settings.weights];
  let best: { k: number; weights: NeighbourWeights; meanSquare: number; left: Estimates } | undefined;
  for (const weights of kinds) {
    for (const k of counts) {
      const left = averageNearest(near, y, k, weights);
      const meanSquare = y.reduce((sum, value, i) => sum + (value - (left.mean[i] as number)) ** 2, 0) / x.rows;
      if (best === undefined || meanSquare < best.meanSquare) best = { k, weights, meanSquare, left };
    }
  }
  const { k, weights, meanSquare, left } = best as NonNullable<typeof best>; // at least one is tried
  return createForwardModel({
    predictor: neighbourPredictor({ standardiser, points, targets: y, k, weights }),
    features: x.features,
    unit: rows.unit,
    level: settings.level,
    calibration: calibrate(y, left.mean, left.variance),
    heldOut: left,
    report: { k, weights, rmse: Math.sqrt(meanSquare) },
  });
}

/** The nearest rows of other groups for every row, nearest first, [n, k]. */
function nearestOutside(
  rows: TrainingSet,
  points: Matrix,
  k: number,
): { readonly rows: Int32Array; readonly distances: Float64Array; readonly k: number } {
  const n = points.rows;
  const out = { rows: new Int32Array(n * k), distances: new Float64Array(n * k), k };
  if (rows.nGroups === n) {
    const found = createNeighbourSearch(points)(points, k + 1);
    for (let i = 0; i < n; i++) {
      let at = i * k;
      for (let j = 0; j <= k && at < (i + 1) * k; j++) {
        const from = i * (k + 1) + j;
        if (found.rows[from] === i) continue;
        out.rows[at] = found.rows[from] as number; // below n (k + 1)
        out.distances[at] = found.distances[from] as number;
        at++;
      }
    }
    return out;
  }
  for (const [g, own] of membersOf(rows).entries()) {
    const others = Int32Array.from(rows.groups.keys()).filter((i) => rows.groups[i] !== g);
    const found = createNeighbourSearch(takeRows(points, others))(takeRows(points, own), k);
    for (const [a, i] of own.entries()) {
      for (let j = 0; j < k; j++) {
        out.rows[i * k + j] = others[found.rows[a * k + j] as number] as number; // rows of the others
        out.distances[i * k + j] = found.distances[a * k + j] as number;
      }
    }
  }
  return out;
}
