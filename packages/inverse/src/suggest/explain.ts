import { normalCdf } from "@materiome/core/numerics";
import { improvement } from "../acquisition/expectedImprovement.ts";
import { stdOf } from "../acquisition/momentAcquisition.ts";
import { encodePoints } from "../space/encodePoints.ts";
import { type Point, pointDistance } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { levelCount, valueAt, valueOfLevel } from "../space/variable.ts";
import { moments } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { Suggestion } from "./suggestion.ts";

const MOST_LEVELS = 9;

/** Nearest of the tried points. */
export function nearestOf(space: SearchSpace, point: Point, tried: readonly Point[]): Suggestion["nearest"] {
  let nearest: { readonly row: number; readonly distance: number } | undefined;
  tried.forEach((other, row) => {
    const distance = pointDistance(space, point, other);
    if (nearest === undefined || distance < nearest.distance) nearest = { row, distance };
  });
  return nearest;
}

/**
 * Share of each variable in the variation of the surrogate around a point: the variance of its mean as that variable alone runs
 * through its range (up to nine values), over the sum of these variances; equal shares where nothing varies.
 */
export function variableShares(space: SearchSpace, point: Point, model: SurrogateModel): Suggestion["variables"] {
  const points: Point[] = [];
  const ends = space.variables.map((variable, j) => {
    const count = Number.isNaN(point[j] as number) ? 0 : Math.min(MOST_LEVELS, levelCount(variable)); // j < variables
    for (let k = 0; k < count; k++) {
      const changed = Float64Array.from(point);
      const isListed = levelCount(variable) <= MOST_LEVELS;
      changed[j] = isListed ? valueOfLevel(variable, k) : valueAt(variable, (k + 0.5) / count);
      points.push(changed);
    }
    return points.length;
  });
  const { mean } = moments(model, encodePoints(space, points));
  const variances = ends.map((end, j) => varianceOf(mean.subarray(ends[j - 1] ?? 0, end)));
  const total = variances.reduce((a, b) => a + b, 0);
  return space.variables
    .map(({ name }, j) => ({ name, share: total > 0 ? (variances[j] as number) / total : 1 / variances.length }))
    .sort((a, b) => b.share - a.share);
}

/**
 * Share of the expected improvement (μ − best) Φ(z) + σ φ(z) that its first term has, the part that is there without doubt: 0 where
 * the mean does not exceed the best.
 */
export function exploitShare(mean: number, variance: number, best: number): number {
  const std = stdOf(variance);
  const gain = mean - best;
  if (gain <= 0) return 0;
  return Math.min(1, (gain * normalCdf(gain / std)) / improvement(gain, std));
}

function varianceOf(values: Float64Array): number {
  if (values.length === 0) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
}
