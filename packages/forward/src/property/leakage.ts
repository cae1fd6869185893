import { columnTexts, type DerivedGroups, groupRows, type Table } from "@materiome/core";
import type { TargetDiagnostics } from "./diagnostics.ts";
import { farTargetWarnings } from "./farTargets.ts";
import type { PropertyMetrics, TargetMetrics } from "./metrics.ts";
import { findNearRepeats } from "./nearRepeats.ts";
import { sameInputWarnings } from "./sameInputs.ts";
import { statedAlloyWarnings } from "./statedAlloys.ts";
import { weakScoreWarnings } from "./weakScores.ts";

/**
 * What may make scores look better than they are: repeated rows that the groups do not hold together, groups cut by the
 * folds, a gap between random and grouped folds, limits taken as measurements; inputs that hold nothing, targets far from all others;
 * and scores that mean little anyway.
 *
 * @param empty - inputs left out for having no values
 * @param random - scores under random folds, one per target, or none
 */
export function findLeakage(
  table: Table,
  { inputs, empty }: { readonly inputs: readonly string[]; readonly empty: readonly string[] },
  grouping: DerivedGroups,
  groupsAcrossFolds: number,
  honest: readonly TargetMetrics[],
  random: readonly TargetMetrics[],
  diagnostics: readonly TargetDiagnostics[],
): PropertyMetrics["leakage"] {
  const { nGroups: nDistinct, codes } = groupRows(table, inputs);
  return {
    duplicateRows: table.nRows - nDistinct,
    groupsAcrossFolds,
    warnings: [
      ...emptyWarnings(empty),
      ...sameInputWarnings(table, inputs),
      ...statedAlloyWarnings(table, inputs),
      ...weakScoreWarnings(table, grouping, honest, diagnostics),
      ...farTargetWarnings(table, honest),
      ...duplicateWarnings(codes, grouping.codes),
      ...nearRepeatWarnings(table, inputs, grouping.codes),
      ...optimismWarnings(honest, random),
      ...censorWarnings(table, honest),
    ],
  };
}

/** Groups with rows in more than one fold. */
export function countSplitGroups(groups: Int32Array | undefined, fold: Int32Array): number {
  const folds = new Map<number, Set<number>>();
  for (const [i, group] of groups?.entries() ?? []) {
    const seen = folds.get(group) ?? new Set();
    folds.set(group, seen.add(fold[i] as number)); // one per row
  }
  return [...folds.values()].filter((seen) => seen.size > 1).length;
}

function emptyWarnings(empty: readonly string[]): string[] {
  if (empty.length === 0) return [];
  const names = empty.map((name) => `"${name}"`).join(", ");
  return [`left out as input, having no value in any row used: ${names}`];
}

/** @param inputs - equal for rows of equal inputs; such rows of different groups may be split by the folds */
function duplicateWarnings(inputs: Int32Array, groups: Int32Array): string[] {
  const groupOf = new Map<number, number>();
  let apart = 0;
  for (const [i, code] of inputs.entries()) {
    const first = groupOf.get(code);
    if (first === undefined)
      groupOf.set(code, groups[i] as number); // one group per row
    else if (first !== groups[i]) apart++;
  }
  if (apart === 0) return [];
  return [
    `${apart} ${apart === 1 ? "row repeats" : "rows repeat"} the inputs of an earlier row and may sit in another fold than it; name a group column that keeps replicates together`,
  ];
}

function nearRepeatWarnings(table: Table, inputs: readonly string[], groups: Int32Array): string[] {
  const found = findNearRepeats(table, inputs, groups);
  if (found === undefined) return [];
  return [
    `${found.nRows} rows repeat another row in all inputs but "${found.column}" and may sit in another fold than it; if such rows belong together (one mix, one heat), name a group column`,
  ];
}

function optimismWarnings(honest: readonly TargetMetrics[], random: readonly TargetMetrics[]): string[] {
  return random.flatMap((loose, t) => {
    const strict = honest[t];
    if (strict === undefined || loose.mae >= 0.9 * strict.mae) return [];
    const percent = Math.round(100 * (1 - loose.mae / strict.mae));
    return [`${loose.name}: random folds make the error look ${percent} % smaller than it is for new groups`];
  });
}

function censorWarnings(table: Table, targets: readonly { readonly name: string }[]): string[] {
  return table.withRole("censor").flatMap((column) => {
    if (!targets.some((target) => target.name === column.describes)) return [];
    const marked = columnTexts(column).filter((text) => text !== undefined && text !== "0").length;
    if (marked === 0) return [];
    return [
      `${column.describes}: ${marked} ${marked === 1 ? "row is" : "rows are"} marked in "${column.name}" (run-outs, limits) and taken as measured`,
    ];
  });
}
