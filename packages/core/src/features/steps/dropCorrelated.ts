import { DomainError } from "../../errors/errors.ts";
import { pairCorrelation } from "../../kernels/index.ts";
import type { FeatureMatrix } from "../../matrix/matrix.ts";
import type { FitContext } from "../featurizer.ts";
import { refuseNonFinite } from "../nonFinite.ts";
import { columnOf } from "./featureColumns.ts";
import type { FeatureStep, FittedStep } from "./featureStep.ts";
import { selectedFeatures } from "./selectedFeatures.ts";

export interface DropCorrelatedOptions {
  /** Largest |r| allowed between two features that are kept, 0 … 1. @defaultValue 0.95 */
  readonly threshold?: number | undefined;
}

/**
 * Drops features that say what another one says already: in the order of the features, each is kept unless its Pearson
 * correlation with one kept before it exceeds the threshold in absolute value. So the earlier of a pair stays, whatever the
 * target; the report names what was dropped, for which feature, and r. Correlations use the rows where both are present.
 *
 * @throws DomainError for a threshold outside 0 … 1; DataError from `fit` for infinite values
 * @example
 * dropCorrelated({ threshold: 0.9 });
 */
export function dropCorrelated(options: DropCorrelatedOptions = {}): FeatureStep {
  const { threshold = 0.95 } = options;
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new DomainError(`dropCorrelated: threshold must lie in 0 … 1, got ${threshold}`);
  }
  return {
    name: "drop-correlated",
    citations: [],
    fit: async (x: FeatureMatrix, context: FitContext): Promise<FittedStep> => {
      refuseNonFinite(x, context.rows, { allowMissing: true, who: "dropCorrelated" });
      const columns = x.features.map((_, k) => columnOf(x, k));
      const kept: number[] = [];
      const report: string[] = [];
      for (const [k, column] of columns.entries()) {
        let r = 0;
        const twin = kept.find((other) => {
          r = pairCorrelation(x.rows, columns[other] as Float64Array, column); // an index of columns
          return Math.abs(r) > threshold;
        });
        if (twin === undefined) kept.push(k);
        else {
          report.push(
            `dropped "${x.features[k]?.name}": r = ${r.toFixed(4)} with "${x.features[twin]?.name}", which is kept`,
          );
        }
      }
      return selectedFeatures(x.features, Int32Array.from(kept), "dropCorrelated", report);
    },
  };
}
