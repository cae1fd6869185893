import { DataError, MateriomeError, type Prediction, type TableModel } from "@materiome/core";
import {
  type Correction,
  type Evaluated,
  type EvaluatorOptions,
  judgedProbability,
  meanOf,
  probabilityOfAll,
  probabilityWithin,
  requireUncertainty,
} from "../search/evaluator.ts";
import { settingsOf, tableOfPoints } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { isAllowedPoint } from "../space/violations.ts";
import type { Limits } from "../spec/limits.ts";
import type { CostFunction } from "./cost/createCost.ts";
import { type FootprintOptions, footprintsOf } from "./cost/footprint.ts";
import { nearestSample } from "./nearestSample.ts";
import type { Candidate, PredictedTarget } from "./result.ts";

/** Describes chosen points of one call. */
export type DescribeAt = (chosen: readonly Evaluated[]) => Promise<readonly Candidate[]>;

/** What is said of a candidate besides the prediction. */
export interface DescribeOptions extends EvaluatorOptions {
  /** What is told beside the prediction, judged by it or not; undefined where nothing is known of the optimism. */
  readonly known: Correction | undefined;
  readonly cost: CostFunction | undefined;
  readonly footprint: FootprintOptions | undefined;
}

/**
 * Predicts chosen points once more and describes them. What the search believed of a point is checked against this
 * prediction: bounds, grid, sums, domain and probability must hold.
 *
 * @throws DataError if they do not (a model whose predictions change from call to call)
 */
export async function candidatesAt(
  model: TableModel,
  space: SearchSpace,
  limits: readonly Limits[],
  level: number,
  chosen: readonly Evaluated[],
  options: DescribeOptions,
): Promise<readonly Candidate[]> {
  if (chosen.length === 0) return [];
  const prediction = await model.predict(
    tableOfPoints(
      space,
      chosen.map((e) => e.point),
    ),
    options,
  );
  const { domain, distribution } = requireUncertainty(prediction);
  const points = chosen.map((e) => e.point);
  const costs = options.cost?.costsOf(points);
  const footprints = options.footprint === undefined ? undefined : footprintsOf(space, points, options.footprint);
  return chosen.map((believed, row) => {
    const predictions = limits.map((limit) => predictedTarget(model, prediction, row, limit, level));
    const probability = probabilityOfAll(distribution, row, limits, options.correlation);
    const inDomain = domain.inDomain[row] === 1;
    const means = limits.map((limit) => meanOf(prediction, row, limit.column));
    const { known } = options;
    const judge = (correction: Correction | undefined): number =>
      judgedProbability(distribution, row, limits, { ...options, means, correction });
    const corrected = known === undefined ? null : judge(known);
    const judged = options.correction === undefined ? probability : judge(options.correction);
    const agrees = inDomain === believed.inDomain && Math.abs(judged - believed.probability) < 1e-9;
    if (!agrees) {
      throw new DataError(
        "invert: the model predicts something else for the same settings in another batch; nothing it says can be relied on",
      );
    }
    if (!isAllowedPoint(space, believed.point)) {
      throw new MateriomeError(
        "invert: a suggestion left the bounds, the grid or a sum of its space; please report this",
      );
    }
    const [predicted] = predictions;
    if (predicted === undefined) throw new DataError("invert: at least one spec is needed");
    return {
      settings: settingsOf(space, believed.point),
      predicted,
      predictions,
      probability,
      correctedProbability: corrected,
      inDomain,
      domainReason: domain.reason(row),
      nearestSample: nearestSample(
        model,
        space,
        believed.point,
        limits.map((limit) => limit.target),
      ),
      cost: costs === undefined ? null : costOf(options.cost, costs[row]),
      footprint: footprints?.[row] ?? null,
    };
  });
}

function costOf(cost: CostFunction | undefined, value: number | undefined): Candidate["cost"] {
  return cost === undefined || value === undefined ? null : { value, unit: cost.unit, text: cost.text };
}

function predictedTarget(
  model: TableModel,
  prediction: Prediction,
  row: number,
  limit: Limits,
  level: number,
): PredictedTarget {
  const { distribution } = requireUncertainty(prediction);
  return {
    target: limit.target,
    unit: model.targets[limit.column]?.unit ?? "",
    mean: meanOf(prediction, row, limit.column),
    lower: distribution.quantile(row, limit.column, (1 - level) / 2),
    upper: distribution.quantile(row, limit.column, (1 + level) / 2),
    probability: probabilityWithin(distribution, row, limit),
  };
}
