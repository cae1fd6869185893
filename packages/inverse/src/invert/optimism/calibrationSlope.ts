/** How measured values go with what was predicted of them without knowing them. */
export interface CalibrationSlope {
  /** Slope of measured on predicted by least squares, 1 where predictions are as spread as they should be. */
  readonly slope: number;
  /** Its standard error, groups of rows taken as wholes. */
  readonly error: number;
  /** Slope drawn towards 1 by as much as chance explains: 1 − d · max(0, 1 − error² / d²) with d = 1 − slope. */
  readonly shrunk: number;
  /** Mean of the predictions. */
  readonly centre: number;
  readonly nRows: number;
  readonly nGroups: number;
}

/**
 * Least squares of measured on held-out predicted values, with the cluster-robust standard error of the slope (sandwich with the
 * factor G/(G − 1)) and a positive-part James–Stein shrinkage of its distance from 1.
 *
 * @param groups - rows with the same number err together
 * @returns undefined for fewer than 20 rows or 10 groups, or predictions that are all the same
 */
export function calibrationSlope(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
  groups: ArrayLike<number>,
): CalibrationSlope | undefined {
  const rows = Array.from({ length: measured.length }, (_, i) => i).filter(
    (i) => Number.isFinite(measured[i]) && Number.isFinite(predicted[i]),
  );
  const nGroups = new Set(rows.map((i) => groups[i])).size;
  if (rows.length < 20 || nGroups < 10) return undefined;
  const y = (i: number): number => measured[i] ?? Number.NaN;
  const x = (i: number): number => predicted[i] ?? Number.NaN;
  const centre = rows.reduce((sum, i) => sum + x(i), 0) / rows.length;
  const middle = rows.reduce((sum, i) => sum + y(i), 0) / rows.length;
  const squares = rows.reduce((sum, i) => sum + (x(i) - centre) ** 2, 0);
  if (!(squares > 0)) return undefined;
  const slope = rows.reduce((sum, i) => sum + (x(i) - centre) * (y(i) - middle), 0) / squares;
  const scores = new Map<number, number>();
  for (const i of rows) {
    const error = y(i) - middle - slope * (x(i) - centre);
    const group = groups[i] ?? 0;
    scores.set(group, (scores.get(group) ?? 0) + (x(i) - centre) * error);
  }
  const meat = [...scores.values()].reduce((sum, s) => sum + s * s, 0);
  const error = Math.sqrt((nGroups / (nGroups - 1)) * meat) / squares;
  const d = 1 - slope;
  const shrunk = d === 0 ? 1 : 1 - d * Math.max(0, 1 - error ** 2 / d ** 2);
  return { slope, error, shrunk, centre, nRows: rows.length, nGroups };
}
