import { encodeArray, type FeatureMatrix, type Json, type LearnerCapability } from "@materiome/core";
import { checkDivisible, checkTraining } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import type { ForwardModel } from "../learner/regressionModel.ts";
import { checkFoldsAndLevel, type ForwardLearner } from "../learner/regressor.ts";
import { fitStack } from "../stack/createStack.ts";
import { rowPrints, sharedRows } from "./sharedRows.ts";
import { columnsOf, sourceMembers, type TransferWay } from "./sourceMembers.ts";

export interface TransferOptions {
  /** A model of a related table. All its features must be among those of the rows, with the same units; its target may be another. */
  readonly source: ForwardModel;
  /** Learns from the rows at hand; of this package, so that it can be stored. */
  readonly learner: ForwardLearner;
  /**
   * The rows the source was trained on, in its features, or what `rowPrints` in the stored form of such a learner holds: rows at hand that are among them are
   * reported. @defaultValue none: nothing is known of them
   */
  readonly sourceRows?: FeatureMatrix | Float64Array | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/** What `model.report` of a transfer says. */
export interface TransferReport {
  /** Weight of each way in which the source can help, and its error on the inner folds. */
  readonly members: readonly { readonly way: TransferWay; readonly weight: number; readonly rmse: number }[];
  readonly rmse: number;
  /** Weight of all ways that use the source. */
  readonly sourceWeight: number;
  /** Rows at hand that the source was trained on, by index; null where its rows were not given. */
  readonly shared: readonly number[] | null;
  readonly warnings: readonly string[];
}

const WHO = "transfer";
const CAPABILITIES: readonly LearnerCapability[] = ["weights", "missing"];
const WAYS: readonly TransferWay[] = ["alone", "source", "residual", "feature"];

/**
 * Learns from few rows with the help of a model of a large related table.
 *
 * The source's prediction s(x) can enter in three ways: a + b s(x) by itself; as the mean, with the learner on what the line leaves;
 * as one more feature. They and the learner alone are averaged with weights of at least 0 that sum to 1, learnt on inner folds
 * of whole groups that none has seen. The learner stays alone unless the average errs less there by more than one standard error: a
 * source that is of no use does no harm. Held-out predictions have the weights of the
 * other folds, as in `createStack`.
 *
 * The source is taken as it is. A row that it was trained on is no new row: scores on such rows are too good wherever its
 * target is the same property. Give `sourceRows`, and the report lists them.
 *
 * @throws DomainError for options outside their range; `fit` throws IncompatibleError where the rows lack a feature of the source
 * or have it in another unit, and what the learner throws
 * @see Hutchinson et al., arXiv:1711.05099 (2017); weights: Breiman, Mach. Learn. 24, 49 (1996), doi:10.1007/BF00117832
 * @example
 * const source = await createRandomForest().fit(x, hardness, { random: createRandom(1) });
 * const transfer = createTransfer({ source, learner: createRandomForest(), sourceRows: x });
 * const model = await transfer.fit(few, yieldStrength, { random: createRandom(2) });
 * console.log(model.report); // { members: [{ way: "alone", weight: 0.1, … }, …], sourceWeight: 0.9, shared: [], … }
 */
export function createTransfer(options: TransferOptions): ForwardLearner {
  const { source, learner, sourceRows, folds = 5, level = 0.9 } = options;
  const check = optionCheck("createTransfer");
  check("source", typeof source, typeof source?.predictor?.estimate === "function", "a model of this package");
  checkFoldsAndLevel(check, folds, level);
  const prints =
    sourceRows === undefined || sourceRows instanceof Float64Array
      ? sourceRows
      : rowPrints(sourceRows, columnsOf("createTransfer", source.features, sourceRows.features));
  const byWay = sourceMembers(WHO, source, learner);
  const takesMissing = source.predictor.allowsMissing;
  const supports: ReadonlySet<LearnerCapability> = new Set(
    CAPABILITIES.filter((one) => learner.supports.has(one) && (one !== "missing" || takesMissing)),
  );
  return {
    supports,
    module: import.meta.url,
    async fit(x, y, run) {
      run.signal?.throwIfAborted();
      const rows = checkTraining(WHO, x, y, supports.has("missing"));
      checkDivisible(WHO, rows);
      const columns = columnsOf(WHO, source.features, x.features);
      const shared = prints === undefined ? null : sharedRows(x, columns, prints);
      const settings = { learners: WAYS.map((way) => byWay[way]), sumsToOne: true, prefersFirst: true, folds, level };
      return fitStack(settings, rows, x, y, run, ({ members, rmse }): Json => {
        const named = members.map(({ weight, rmse: own }, m) => ({ way: WAYS[m] as TransferWay, weight, rmse: own })); // one per way
        const report: TransferReport = {
          members: named,
          rmse,
          sourceWeight: named.reduce((sum, { way, weight }) => sum + (way === "alone" ? 0 : weight), 0),
          shared,
          warnings:
            shared === null || shared.length === 0
              ? []
              : [
                  `${shared.length} of ${x.rows} rows are among those the source was trained on; if it was trained on the same property, errors and intervals learnt from them are too small: train the source without them`,
                ],
        };
        return report as unknown as Json;
      });
    },
    toJSON: () => ({
      type: "materiome/transfer-learner",
      version: 1,
      params: {
        source: { ...source.toJSON() },
        learner: { ...learner.toJSON() },
        sourceRows: prints === undefined ? null : encodeArray(prints),
        folds,
        level,
      },
      state: null,
    }),
  };
}
