import { type Table, UnitError } from "@materiome/core";
import type { Spec } from "./spec.ts";

/** Ratio to the measured values from which on a limit is taken for a slip of units (GPa for MPa is 1000). */
const SLIP = 50;

/**
 * Refuses a spec whose unit could not be checked, because the target carries none, and whose limit is far off everything
 * measured: 0.6 GPa on a column of 300 … 640 would else be met by anything.
 *
 * @throws UnitError with the remedy
 */
export function checkAssumedUnit(spec: Spec, training: Table): void {
  if (spec.assumedUnit === undefined) return;
  const sizes = [...training.number(spec.target).values].filter(Number.isFinite).map(Math.abs);
  const lowest = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const isFar = (limit: number | undefined): boolean =>
    limit !== undefined && limit !== 0 && (Math.abs(limit) > SLIP * highest || SLIP * Math.abs(limit) < lowest);
  const far = [spec.low, spec.high].find(isFar);
  if (far === undefined) return;
  throw new UnitError(
    `"${spec.target}" carries no unit in the table, so ${short(far)} ${spec.assumedUnit} was read as the table's own numbers; those measured are ${short(lowest)} … ${short(highest)}. This looks like a slip of units: write the limit in the unit of the table, or give the column its unit in the header or the schema and train again`,
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
