import type { FeatureMatrix } from "@materiome/core";

/** Columns of which quotients are made; more would make too many. */
const MOST_COLUMNS = 10;
/** Columns below which there is little to combine. */
const FEWEST_COLUMNS = 3;
/** Distinct values below which a column is a mark or a setting rather than an amount. */
const FEWEST_VALUES = 3;
/** Scales whose zero means nothing, or on which sums mean nothing. */
const TEMPERATURES: ReadonlySet<string> = new Set(["°C", "°F", "K", "degC", "degF"]);

/**
 * Columns that may be added up: features of one unit that are inputs themselves, at least 0 and without gaps; those
 * without a unit are left out, as nobody knows what may be added to them; at most ten of a unit,
 * those of the largest mean. Empty where no unit has three.
 */
export function amountGroups(x: FeatureMatrix): number[][] {
  const uses = new Map<string, number>();
  for (const { source } of x.features) for (const name of source) uses.set(name, (uses.get(name) ?? 0) + 1);
  const byUnit = new Map<string, { readonly column: number; readonly mean: number }[]>();
  for (const [column, { unit, source }] of x.features.entries()) {
    const isOwn = source.length === 1 && uses.get((source as readonly [string])[0]) === 1;
    if (!isOwn || unit === "" || TEMPERATURES.has(unit)) continue;
    const mean = meanOfAmounts(x, column);
    if (mean !== undefined) byUnit.set(unit, [...(byUnit.get(unit) ?? []), { column, mean }]);
  }
  return [...byUnit.values()]
    .filter((columns) => columns.length >= FEWEST_COLUMNS)
    .map((columns) =>
      columns
        .toSorted((a, b) => b.mean - a.mean)
        .slice(0, MOST_COLUMNS)
        .map(({ column }) => column)
        .sort((a, b) => a - b),
    );
}

/** Undefined for a column that is no amount. */
function meanOfAmounts({ rows, columns, data }: FeatureMatrix, f: number): number | undefined {
  const distinct = new Set<number>();
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const value = data[i * columns + f] as number; // i < rows
    if (!(value >= 0)) return undefined;
    if (distinct.size < FEWEST_VALUES) distinct.add(value);
    sum += value;
  }
  return distinct.size < FEWEST_VALUES ? undefined : sum / rows;
}

/** Why the features give no quotients, if so. */
export function whyNoQuotients(x: FeatureMatrix): string | undefined {
  return amountGroups(x).length === 0
    ? `fewer than ${FEWEST_COLUMNS} inputs are amounts of one unit (at least 0, without gaps, no temperatures, with the unit in their header or schema)`
    : undefined;
}
