import { DataError, DomainError, ShapeError } from "../../errors/errors.ts";
import type { FeatureMatrix } from "../../matrix/matrix.ts";
import { shuffle } from "../../random/shuffle.ts";
import type { FitContext } from "../featurizer.ts";
import { refuseNonFinite } from "../nonFinite.ts";
import { columnOf } from "./featureColumns.ts";
import type { FeatureStep, FittedStep } from "./featureStep.ts";
import { type InformationVariable, informationVariable, normalizedInformation } from "./mutualInformation.ts";
import { selectedFeatures } from "./selectedFeatures.ts";

export interface SelectRelevantOptions {
  /** How many features to keep; all, in order of merit, where there are fewer. */
  readonly nFeatures: number;
  /** Neighbours of the information estimate. @defaultValue 3 */
  readonly nNeighbours?: number | undefined;
  /** Where there are more training rows, a random sample of this many is used. @defaultValue 2000 */
  readonly maxRows?: number | undefined;
}

/**
 * Keeps the features that say most about the targets and least of what those before them say: relevance–redundancy selection
 * with normalised mutual information (MODNet).
 *
 * NMI(a, b) = I(a, b) / ((I(a, a) + I(b, b)) / 2), with Kraskov's nearest-neighbour estimate of I. The first feature is the
 * one of greatest NMI with the target; then, n being how many are chosen, the one of greatest
 * NMI(f, target) / (max_s NMI(f, s)^p + c), s over the chosen, p = max(0.1, 4.5 − n^0.4), c = 1e-6 n³. With several targets
 * the mean NMI over them counts. The features come out in the order chosen; the report gives both numbers.
 *
 * It learns from the targets, so it must be fitted to training rows only: as a step of a pipeline that cross-validation fits
 * inside each fold. Features chosen on all rows make any score beside them too good.
 *
 * @throws DomainError for options out of range; DataError from `fit` without targets, with too few rows for the neighbours, or
 * for missing values (all named)
 * @see De Breuck, Hautier & Rignanese, npj Comput. Mater. 7, 83 (2021), doi:10.1038/s41524-021-00552-2
 * @example
 * featurePipeline(featurizer, [imputeFeatures({ method: "median" }), selectRelevant({ nFeatures: 30 })]);
 */
export function selectRelevant(options: SelectRelevantOptions): FeatureStep {
  const { nFeatures, nNeighbours = 3, maxRows = 2000 } = options;
  for (const [name, value] of Object.entries({ nFeatures, nNeighbours, maxRows })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new DomainError(`selectRelevant: ${name} must be a whole number of at least 1, got ${value}`);
  }
  return {
    name: "select-relevant",
    citations: [
      "De Breuck, Hautier, Rignanese, npj Comput. Mater. 7, 83 (2021), doi:10.1038/s41524-021-00552-2",
      "Kraskov, Stögbauer, Grassberger, Phys. Rev. E 69, 066138 (2004), doi:10.1103/PhysRevE.69.066138",
    ],
    fit: async (x: FeatureMatrix, context: FitContext): Promise<FittedStep> => {
      const { targets, random } = context;
      if (targets === undefined) {
        throw new DataError(
          "selectRelevant: selects by the targets; give them to fit, as cross-validation and training do",
        );
      }
      if (targets.values.rows !== x.rows) {
        throw new ShapeError(`selectRelevant: ${x.rows} rows of features, ${targets.values.rows} of targets`);
      }
      refuseNonFinite(x, context.rows, { who: "selectRelevant" });
      const rows = x.rows > maxRows ? shuffle(x.rows, random.fork("rows")).slice(0, maxRows).sort() : undefined;
      const sample = (values: Float64Array): Float64Array =>
        rows === undefined ? values : Float64Array.from(rows, (i) => values[i] as number); // rows of x
      const nTargets = targets.values.columns;
      for (let t = 0; t < nTargets; t++) {
        const n = sample(columnOf(targets.values, t)).filter(Number.isFinite).length;
        if (n > nNeighbours) continue;
        throw new DataError(
          `selectRelevant: ${n} row${n === 1 ? "" : "s"} with a measured target; ${nNeighbours} neighbours need at least ${nNeighbours + 1}`,
        );
      }
      const prepare = (values: Float64Array, label: string): InformationVariable =>
        informationVariable(values, nNeighbours, random.fork("noise").fork(label));
      const columns = x.features.map((_, k) => sample(columnOf(x, k)));
      const variables = columns.map((column, k) => prepare(column, `feature ${k}`));
      const relevance = new Float64Array(x.columns);
      for (let t = 0; t < nTargets; t++) {
        const y = sample(columnOf(targets.values, t));
        const measured = Int32Array.from(y.keys()).filter((i) => Number.isFinite(y[i]));
        const take = (values: Float64Array): Float64Array => Float64Array.from(measured, (i) => values[i] as number);
        const isWhole = measured.length === y.length;
        const target = prepare(take(y), `target ${t}`);
        for (const [k, column] of columns.entries()) {
          const variable = isWhole ? (variables[k] as InformationVariable) : prepare(take(column), `feature ${k}`);
          relevance[k] = (relevance[k] as number) + normalizedInformation(variable, target, nNeighbours) / nTargets;
        }
        context.signal?.throwIfAborted();
      }
      const { chosen, report } = choose(x, variables, relevance, Math.min(nFeatures, x.columns), nNeighbours, context);
      if (rows !== undefined) report.unshift(`information estimated on ${rows.length} of ${x.rows} training rows`);
      return selectedFeatures(x.features, chosen, "selectRelevant", report);
    },
  };
}

function choose(
  x: FeatureMatrix,
  variables: readonly InformationVariable[],
  relevance: Float64Array,
  nFeatures: number,
  nNeighbours: number,
  { signal, onProgress }: FitContext,
): { readonly chosen: Int32Array; readonly report: string[] } {
  const variable = (k: number): InformationVariable => variables[k] as InformationVariable; // one per feature
  // Redundancy only grows with what is chosen, so merit by an old redundancy is an upper bound: whatever is not the best by
  // its bound needs no update, and the choice is the same as if all were up to date.
  const redundancy = new Float64Array(x.columns);
  const upToDate = new Int32Array(x.columns); // with how many of the chosen
  const left = new Set(x.features.keys());
  const chosen: number[] = [];
  const report: string[] = [];
  while (chosen.length < nFeatures) {
    const n = chosen.length;
    const p = Math.max(0.1, 4.5 - n ** 0.4);
    const c = 1e-6 * n ** 3;
    const meritOf = (k: number): number => {
      const own = relevance[k] as number; // k < columns
      // A feature of no relevance has no merit, however little it shares.
      return n === 0 || own === 0 ? own : own / ((redundancy[k] as number) ** p + c);
    };
    const best = largestOf(left, meritOf);
    const known = upToDate[best] as number;
    if (known < n) {
      for (const other of chosen.slice(known)) {
        const shared = normalizedInformation(variable(best), variable(other), nNeighbours);
        redundancy[best] = Math.max(redundancy[best] as number, shared);
      }
      upToDate[best] = n;
      signal?.throwIfAborted();
      continue;
    }
    chosen.push(best);
    left.delete(best);
    report.push(
      `${n + 1}. "${x.features[best]?.name}": NMI ${(relevance[best] as number).toFixed(4)} with the target, at most ${(redundancy[best] as number).toFixed(4)} with those before`,
    );
    onProgress?.({ stage: "select features", done: chosen.length, total: nFeatures });
  }
  return { chosen: Int32Array.from(chosen), report };
}

/** The first of greatest value. */
function largestOf(items: ReadonlySet<number>, measure: (k: number) => number): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (const k of items) {
    const value = measure(k);
    if (value <= most) continue;
    most = value;
    best = k;
  }
  return best;
}
