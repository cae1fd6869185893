import { DataError } from "@materiome/core";
import type { Normalisation } from "../training/normalisation.ts";
import type { FieldComponent, FieldExample } from "./fieldExample.ts";

/** What is known of the training fields before any network. */
export interface FieldMoments {
  /** Over all pixels, for each component. */
  readonly scale: Normalisation;
  /** Mean of each component over the pixels of each phase, [phases, components]. */
  readonly phaseMeans: readonly (readonly number[])[];
}

/** @throws DataError for a component that is the same everywhere */
export function fieldMoments(
  who: string,
  examples: readonly FieldExample[],
  components: readonly FieldComponent[],
  labels: readonly number[],
): FieldMoments {
  const k = components.length;
  const row = new Map(labels.map((label, i) => [label, i]));
  const sums = labels.map(() => new Float64Array(k));
  const counts = labels.map(() => 0);
  for (const { phases, field } of examples) {
    for (let p = 0; p < phases.data.length; p++) {
      const i = row.get(phases.data[p]!)!; // labels are those of the examples
      counts[i]!++;
      for (let c = 0; c < k; c++) sums[i]![c]! += field.data[p * k + c]!; // one for each component
    }
  }
  const total = counts.reduce((a, b) => a + b, 0);
  // One sum and one count for each phase, one mean for each component, from here on.
  const mean = components.map((_, c) => sums.reduce((sum, of) => sum + of[c]!, 0) / total);
  const squares = new Float64Array(k);
  for (const { field } of examples) {
    for (let p = 0; p < field.data.length; p++) squares[p % k]! += (field.data[p]! - mean[p % k]!) ** 2;
  }
  const deviation = Array.from(squares, (sum) => Math.sqrt(sum / total));
  for (const [c, { name }] of components.entries()) {
    if (deviation[c]! > 1e-12 * Math.abs(mean[c]!)) continue;
    throw new DataError(`${who}: "${name}" is ${mean[c]} in all training fields; there is nothing to learn`);
  }
  return { scale: { mean, deviation }, phaseMeans: sums.map((of, i) => Array.from(of, (sum) => sum / counts[i]!)) };
}
