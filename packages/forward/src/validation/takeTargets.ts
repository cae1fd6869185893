import { type Targets, takeRows } from "@materiome/core";

/** Targets of some rows, with their weights and groups. */
export function takeTargets(y: Targets, rows: Int32Array): Targets {
  const take = (values: Float64Array | undefined): Float64Array | undefined =>
    values === undefined ? undefined : Float64Array.from(rows, (i) => values[i] as number); // rows of the same table
  const { groups } = y;
  return {
    kind: "regression",
    values: takeRows(y.values, rows),
    units: y.units,
    weights: take(y.weights),
    noiseVariance: take(y.noiseVariance),
    groups: groups === undefined ? undefined : rows.map((i) => groups[i] as number),
  };
}
