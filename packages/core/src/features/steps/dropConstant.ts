import { DomainError } from "../../errors/errors.ts";
import type { FeatureMatrix } from "../../matrix/matrix.ts";
import type { FitContext } from "../featurizer.ts";
import { presentOf } from "./featureColumns.ts";
import type { FeatureStep, FittedStep } from "./featureStep.ts";
import { selectedFeatures } from "./selectedFeatures.ts";

export interface DropConstantOptions {
  /** Drops also where range ≤ tolerance × largest absolute value. @defaultValue 0: exact constants only */
  readonly tolerance?: number | undefined;
  /** Drops also where at least this share of the present values is one and the same, 0.5 … 1. @defaultValue 1 */
  readonly dominance?: number | undefined;
}

/**
 * Drops features that are constant, or nearly so, in the training rows, and those without any value. The report names each
 * with the reason.
 *
 * @throws DomainError for a tolerance below 0 or a dominance outside 0.5 … 1; DataError if nothing would be left
 * @example
 * dropConstant({ dominance: 0.95 });
 */
export function dropConstant(options: DropConstantOptions = {}): FeatureStep {
  const { tolerance = 0, dominance = 1 } = options;
  if (!(tolerance >= 0)) throw new DomainError(`dropConstant: tolerance must be at least 0, got ${tolerance}`);
  if (!(dominance >= 0.5 && dominance <= 1)) {
    throw new DomainError(`dropConstant: dominance must lie in 0.5 … 1, got ${dominance}`);
  }
  return {
    name: "drop-constant",
    citations: [],
    fit: async (x: FeatureMatrix, _context: FitContext): Promise<FittedStep> => {
      const report: string[] = [];
      const kept = Int32Array.from(x.features.keys()).filter((k) => {
        const reason = whyConstant(presentOf(x, k).sort(), tolerance, dominance);
        if (reason !== undefined) report.push(`dropped "${x.features[k]?.name}": ${reason}`);
        return reason === undefined;
      });
      return selectedFeatures(x.features, kept, "dropConstant", report);
    },
  };
}

function whyConstant(sorted: Float64Array, tolerance: number, dominance: number): string | undefined {
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return "no values in the training rows";
  if (low === high) return `constant (${low}) in the training rows`;
  if (high - low <= tolerance * Math.max(Math.abs(low), Math.abs(high))) {
    return `nearly constant (${low} … ${high}, tolerance ${tolerance})`;
  }
  const [value, count] = mostFrequent(sorted);
  if (dominance < 1 && count >= dominance * sorted.length) {
    return `${value} in ${count} of ${sorted.length} training rows (dominance ${dominance})`;
  }
  return undefined;
}

/** The most frequent of sorted values, the smallest of several, and how often it occurs. */
export function mostFrequent(sorted: Float64Array): readonly [value: number, count: number] {
  let best = Number.NaN;
  let most = 0;
  let run = 0;
  let previous = Number.NaN;
  for (const value of sorted) {
    run = value === previous ? run + 1 : 1;
    previous = value;
    if (run > most) {
      most = run;
      best = value;
    }
  }
  return [best, most];
}
