import { pairCorrelation } from "@materiome/core/kernels";
import { midRanks } from "../validation/midRanks.ts";
import type { SubjectInput } from "./subject.ts";

/**
 * Groups of inputs that go along with each other: linked where the absolute rank correlation (Spearman) of two numbers is at
 * least `threshold`, over the rows where both are present; other inputs stand alone. Indices ascending, groups by their first.
 */
export function correlatedInputs(
  inputs: readonly Pick<SubjectInput, "values">[],
  rows: Int32Array,
  threshold: number,
): number[][] {
  const ranks = inputs.map(({ values }) =>
    values === undefined ? undefined : midRanks(Float64Array.from(rows, (i) => values[i] as number)),
  );
  const groupOf = inputs.map((_, c) => c);
  for (const [a, first] of ranks.entries()) {
    for (const [b, second] of ranks.entries()) {
      if (b <= a || first === undefined || second === undefined) continue;
      if (Math.abs(pairCorrelation(rows.length, first, second)) < threshold) continue;
      const [kept, merged] = [groupOf[a], groupOf[b]];
      for (const [c, group] of groupOf.entries()) if (group === merged) groupOf[c] = kept as number; // a < length
    }
  }
  const groups = new Map<number, number[]>();
  for (const [c, group] of groupOf.entries()) groups.set(group, [...(groups.get(group) ?? []), c]);
  return [...groups.values()];
}
