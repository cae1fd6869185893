import { type DerivedGroups, displayUnit, isPresent, type Table } from "@materiome/core";
import { shortNumber } from "../validation/shortNumber.ts";
import type { TargetDiagnostics } from "./diagnostics.ts";
import type { TargetMetrics } from "./metrics.ts";

/** Below these, a score says little. */
const FEW_ROWS = 20;
const FEW_GROUPS = 10;
/** Of n errors the outermost have the probabilities 1 / (n + 1): from here on those are not beyond 5 %. */
const SEEN_ENDS = 19;
/** Folds from which on they say something: three leave two degrees of freedom, which call no model clearly better. */
const ENOUGH_FOLDS = 5;

/**
 * Why scores mean little: few rows or groups, or an error that is not clearly below that of always guessing the median.
 *
 * "Clearly": the 95 % interval of the paired difference over held-out groups lies below 0 and, of five folds or more, that of the
 * ratio of the errors over folds below 1. The difference over folds would not do: how far the median is off differs from fold to
 * fold by how much the targets do, which no model can help. Nor is a model clearly better whose R² is not above 0.
 */
export function weakScoreWarnings(
  table: Table,
  grouping: DerivedGroups,
  scores: readonly TargetMetrics[],
  diagnostics: readonly TargetDiagnostics[],
): string[] {
  return scores.flatMap((score, t) => {
    const { name, unit, n, mae, r2, medianBaselineMae } = score;
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
    const most = paired?.bootstrapInterval[1] ?? Number.NEGATIVE_INFINITY;
    const isTold = (paired?.resampled?.df ?? 0) + 1 >= ENOUGH_FOLDS;
    const mostOfFolds = isTold ? (paired?.relativeInterval?.[1] ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
    if (medianBaselineMae <= mae || most > 0 || mostOfFolds > 0 || r2 <= 0) {
      const why = [
        ...(r2 <= 0 ? [`R² ${shortNumber(r2, 2)}`] : []),
        ...(most > 0 ? [`95 % interval of the paired difference up to +${shortNumber(most, 3)}`] : []),
        ...(mostOfFolds > 0
          ? [`95 % interval over folds up to ${shortNumber(100 * mostOfFolds, 3)} % above guessing`]
          : []),
      ];
      const [own, guess] = [mae, medianBaselineMae].map((value) =>
        `${shortNumber(value, 3)} ${displayUnit(unit)}`.trim(),
      );
      warnings.push(
        medianBaselineMae <= mae
          ? `${name}: not better than always guessing the median (mean absolute error ${own}, guessing ${guess}); do not use this model`
          : `${name}: not clearly better than always guessing the median (mean absolute error ${own}, guessing ${guess}; ${why.join("; ")})`,
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
