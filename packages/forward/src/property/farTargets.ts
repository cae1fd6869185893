import { displayUnit, type Table } from "@materiome/core";
import { quantileSorted } from "@materiome/core/numerics";
import { shortNumber } from "../validation/shortNumber.ts";
import type { TargetMetrics } from "./metrics.ts";

/** Distance from the quartiles, in interquartile ranges, beyond which a value is more likely wrong than rare: Tukey's "far out" is 3. */
const FAR = 10;
const MOST_NAMED = 5;

/**
 * Says which measured targets lie far from all others: they decide the squared error, and are often a slip of the decimal point or
 * another unit. Targets that are all above 0 must lie far in their logarithms too: some properties range over decades.
 */
export function farTargetWarnings(table: Table, targets: readonly TargetMetrics[]): string[] {
  return targets.flatMap(({ name, unit }) => {
    const { values, valid } = table.number(name);
    const rows = Array.from(values.keys()).filter((i) => valid[i] !== 0);
    const measured = Float64Array.from(rows, (i) => values[i] as number); // rows of the column
    const [low, high] = quartiles(measured);
    const isFar = farFrom(measured);
    const isFarInLog = measured.every((value) => value > 0) ? farFrom(measured.map(Math.log)) : isFar;
    const far = rows.filter((_, k) => isFar[k] === 1 && isFarInLog[k] === 1);
    if (far.length === 0) return [];
    const named = far
      .slice(0, MOST_NAMED)
      .map((i) => `${shortNumber(values[i] as number, 12)} in row ${table.rowNumber(i)}`);
    const more = far.length > MOST_NAMED ? ` and ${far.length - MOST_NAMED} more` : "";
    const middle = `${shortNumber(low)} … ${shortNumber(high)} ${displayUnit(unit)}`.trim();
    return [
      `${name}: ${named.join(", ")}${more} far outside the middle half of the values (${middle}): a slip of the pen or another unit? such rows decide errors and intervals`,
    ];
  });
}

function quartiles(values: Float64Array): readonly [number, number] {
  const sorted = values.slice().sort();
  return [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)];
}

/** 1 for each value beyond {@link FAR} interquartile ranges; none where more than half are equal. */
function farFrom(values: Float64Array): Uint8Array {
  const [low, high] = quartiles(values);
  const reach = FAR * (high - low);
  return Uint8Array.from(values, (value) => (reach > 0 && (value < low - reach || value > high + reach) ? 1 : 0));
}
