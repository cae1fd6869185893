import { pairCorrelation } from "@materiome/core/kernels";
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
    values === undefined ? undefined : averageRanks(Float64Array.from(rows, (i) => values[i] as number)),
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

/** Ranks from 1, ties sharing their mean; NaN stays. */
function averageRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys())
    .filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  let first = 0;
  while (first < order.length) {
    let end = first + 1;
    while (end < order.length && values[order[end] as number] === values[order[first] as number]) end++;
    for (const i of order.slice(first, end)) ranks[i] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}
