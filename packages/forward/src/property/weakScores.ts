import { type DerivedGroups, displayUnit, isPresent, type Table } from "@materiome/core";
import { shortNumber } from "../validation/shortNumber.ts";
import type { TargetDiagnostics } from "./diagnostics.ts";
import type { TargetMetrics } from "./metrics.ts";

/** Below these, a score says little. */
const FEW_ROWS = 20;
const FEW_GROUPS = 10;
/** Of n errors the outermost have the probabilities 1 / (n + 1): from here on those are not beyond 5 %. */
const SEEN_ENDS = 19;
/** Folds from which on their differences say something: three leave two degrees of freedom, which call no model clearly better. */
const ENOUGH_FOLDS = 5;

/**
 * Why scores mean little: few rows or groups, or an error that is not clearly below that of always guessing the median.
 *
 * "Clearly": the 95 % intervals of the paired difference lie below 0, that over held-out groups and, of five folds or
 * more, that over folds.
 */
export function weakScoreWarnings(
  table: Table,
  grouping: DerivedGroups,
  scores: readonly TargetMetrics[],
  diagnostics: readonly TargetDiagnostics[],
): string[] {
  return scores.flatMap((score, t) => {
    const { name, unit, n, mae, medianBaselineMae } = score;
    const warnings: string[] = [];
    const nGroups = countGroups(table, grouping, name);
    if (n < FEW_ROWS) {
      const ends = n < SEEN_ENDS ? "; ends of 90 % intervals lie beyond all errors seen and are assumed" : "";
      warnings.push(`${name}: only ${n} rows: scores are little more than luck${ends}`);
    }
    if (n >= FEW_ROWS && grouping.kind !== "none" && nGroups < FEW_GROUPS) {
      warnings.push(`${name}: only ${nGroups} groups to hold out: scores are little more than luck`);
    }
    const paired = diagnostics[t]?.againstMedian;
    const resampled = paired?.resampled ?? undefined;
    const isTold = resampled !== undefined && resampled.df + 1 >= ENOUGH_FOLDS;
    const limits =
      paired === undefined ? [] : [paired.bootstrapInterval[1], ...(isTold ? [resampled.interval[1]] : [])];
    if (medianBaselineMae <= mae || limits.some((limit) => limit > 0)) {
      const [own, guess] = [mae, medianBaselineMae].map((value) =>
        `${shortNumber(value, 3)} ${displayUnit(unit)}`.trim(),
      );
      warnings.push(
        medianBaselineMae <= mae
          ? `${name}: not better than always guessing the median (mean absolute error ${own}, guessing ${guess}); do not use this model`
          : `${name}: not clearly better than always guessing the median (mean absolute error ${own}, guessing ${guess}; 95 % interval of the paired difference up to +${shortNumber(Math.max(...limits), 3)})`,
      );
    }
    return warnings;
  });
}

/** Groups with a row where the target is measured. */
function countGroups(table: Table, grouping: DerivedGroups, target: string): number {
  const column = table.column(target);
  return new Set(grouping.codes.filter((_, i) => isPresent(column, i))).size;
}
