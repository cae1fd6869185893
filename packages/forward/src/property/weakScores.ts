import { type DerivedGroups, isPresent, type Table } from "@materiome/core";
import type { TargetMetrics } from "./metrics.ts";

/** Below these, a score says little. */
const FEW_ROWS = 20;
const FEW_GROUPS = 10;

/**
 * Why scores mean little: few rows or groups, or an error that is not clearly below that of always guessing the median.
 *
 * "Clearly": the median's error lies above the 95 % interval of the model's.
 */
export function weakScoreWarnings(table: Table, grouping: DerivedGroups, scores: readonly TargetMetrics[]): string[] {
  return scores.flatMap((score) => {
    const { name, unit, n, mae, maeCi, medianBaselineMae } = score;
    const warnings: string[] = [];
    const nGroups = countGroups(table, grouping, name);
    if (n < FEW_ROWS) warnings.push(`${name}: only ${n} rows: scores are little more than luck`);
    else if (grouping.kind !== "none" && nGroups < FEW_GROUPS) {
      warnings.push(`${name}: only ${nGroups} groups to hold out: scores are little more than luck`);
    }
    if (medianBaselineMae <= maeCi[1]) {
      const [own, guess] = [mae, medianBaselineMae].map((value) => `${short(value)}${unit === "" ? "" : ` ${unit}`}`);
      warnings.push(
        medianBaselineMae <= mae
          ? `${name}: not better than always guessing the median (mean absolute error ${own}, guessing ${guess}); do not use this model`
          : `${name}: not clearly better than always guessing the median (mean absolute error ${own}, 95 % interval up to ${short(maeCi[1])}, guessing ${guess})`,
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

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
