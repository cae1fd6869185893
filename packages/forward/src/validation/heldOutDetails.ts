import type { Random } from "@materiome/core";
import { type CoverageByRegion, coverageByRegion } from "./coverageByRegion.ts";
import type { CrossValidationRepeat } from "./crossValidate.ts";
import { type CalibrationCurve, calibrationCurve } from "./distributionScores.ts";
import { type RegressionMetrics, regressionMetrics } from "./regressionMetrics.ts";
import { meanOf } from "./scores.ts";

/** What is known of held-out predictions beyond the headline scores. Errors and widths in target units. */
export interface HeldOutDetails {
  /** Means over the repeats; correlations null where any is. */
  readonly metrics: RegressionMetrics;
  /** The same of always predicting mean or median of the training rows, or the target of the nearest training row. */
  readonly baselines: {
    readonly mean: RegressionMetrics;
    readonly median: RegressionMetrics;
    /** Null where the features were not looked at. */
    readonly neighbour: RegressionMetrics | null;
  };
  /** Mean continuous ranked probability score and calibration of the predictive distributions; null without those. */
  readonly distribution: (CalibrationCurve & { readonly crps: number }) | null;
  /** Coverage where intervals are narrow and wide, over all repeats; null without intervals. */
  readonly coverage: CoverageByRegion | null;
}

/** @param groups - group of each row of the table */
export function describeHeldOut(
  repeats: readonly CrossValidationRepeat[],
  groups: Int32Array | undefined,
  random: Random,
): HeldOutDetails {
  const pooled = (of: (rows: CrossValidationRepeat) => ArrayLike<number>): Float64Array =>
    Float64Array.from(repeats.flatMap((rows) => Array.from(of(rows))));
  const scored = (of: (rows: CrossValidationRepeat) => Float64Array): RegressionMetrics =>
    averageMetrics(repeats.map((rows) => regressionMetrics(rows.actual, of(rows))));
  const upper = pooled((rows) => rows.upper);
  const lower = pooled((rows) => rows.lower);
  const hasIntervals = lower.every(Number.isFinite) && upper.every(Number.isFinite);
  const pit = pooled((rows) => rows.pit ?? []);
  const coverage = (): CoverageByRegion => {
    const rows = { actual: pooled((r) => r.actual), predicted: pooled((r) => r.predicted), lower, upper };
    const clusters = Int32Array.from(pooled((r) => r.row.map((row) => groups?.[row] ?? row)));
    const found = coverageByRegion(rows, { groups: clusters, random });
    return groups === undefined ? { ...found, byGroup: [] } : found; // rows of several repeats are no groups
  };
  const hasNeighbours = repeats.every(({ neighbourBaseline }) => neighbourBaseline?.every(Number.isFinite) === true);
  return {
    metrics: scored((rows) => rows.predicted),
    baselines: {
      mean: scored((rows) => rows.meanBaseline),
      median: scored((rows) => rows.medianBaseline),
      neighbour: hasNeighbours ? scored((rows) => rows.neighbourBaseline as Float64Array) : null, // checked above
    },
    distribution:
      pit.length === upper.length && pit.every(Number.isFinite)
        ? { ...calibrationCurve(pit), crps: meanOf(pooled((rows) => rows.crps ?? [])) }
        : null,
    coverage: hasIntervals ? coverage() : null,
  };
}

function averageMetrics(each: readonly RegressionMetrics[]): RegressionMetrics {
  const mean = (of: (m: RegressionMetrics) => number): number => meanOf(each.map(of));
  const meanOrNull = (of: (m: RegressionMetrics) => number | null): number | null => {
    const known = each.map(of).filter((value) => value !== null);
    return known.length === each.length ? meanOf(known) : null;
  };
  return {
    n: each[0]?.n ?? 0,
    mae: mean((m) => m.mae),
    rmse: mean((m) => m.rmse),
    medianAbsoluteError: mean((m) => m.medianAbsoluteError),
    maxAbsoluteError: mean((m) => m.maxAbsoluteError),
    bias: mean((m) => m.bias),
    r2: meanOrNull((m) => m.r2),
    pearson: meanOrNull((m) => m.pearson),
    spearman: meanOrNull((m) => m.spearman),
  };
}
