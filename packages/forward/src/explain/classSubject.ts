import { type FeatureMatrix, IncompatibleError, type Matrix, Table, takeRows } from "@materiome/core";
import { CLASS_GAPS, type PropertyClassModel } from "../property/classModel.ts";
import { refuseMissing } from "../property/refuseMissing.ts";
import { type ClassScores, logOdds } from "./classScores.ts";
import { exactClassShap } from "./exactClassShap.ts";
import { askByFeatures, askByTable, columnOfFeature, poolTable } from "./pooledTable.ts";
import type { ExplainRun, WideSubject } from "./subject.ts";

/**
 * What contributions to a class add up to. `probability`: what `predict` gives. `log-odds`: ln of the class's probability over the
 * geometric mean of those of the other classes (of two classes the log-odds), of the learner itself, before its probabilities are mixed with
 * the shares of the classes.
 */
export type ClassScale = "probability" | "log-odds";

export interface ClassSubjectOptions {
  /**
   * @defaultValue the scale on which contributions are exact: log-odds of boosting and logistic regression, probabilities of all others and
   * where the model gives each row the shares of the classes
   */
  readonly scale?: ClassScale | undefined;
}

/** A model of classes beside the rows of a table followed by its training rows; one output a class. */
export interface ClassSubject extends WideSubject {
  readonly classes: readonly string[];
  readonly scale: ClassScale;
  /** Rows of the table. */
  readonly rows: Int32Array;
  /** Rows the model was trained on. */
  readonly training: Int32Array;
  /** Exact Shapley values, [rows, inputs] for each class, where the model has a closed form for them on this scale. */
  exact(rows: Int32Array, background: Int32Array, run?: ExplainRun): Promise<readonly Matrix[] | undefined>;
}

/**
 * A model of classes beside a table and its own training rows, to be explained by input column.
 *
 * @throws DataError for a column that is missing or of another kind, or a missing value where the model takes none; UnitError for a unit that does not convert
 * @throws IncompatibleError for log-odds of a learner that has none: probabilities of trees can be 0
 * @example
 * const subject = classSubject(model, table);
 * const { base, values } = await classShapleyValues(subject, subject.rows, subject.training, { random });
 */
export function classSubject(model: PropertyClassModel, table: Table, options: ClassSubjectOptions = {}): ClassSubject {
  const { encoder, blend, classes, classifier } = model;
  const [target] = model.targets as readonly [PropertyClassModel["targets"][number]]; // one target
  encoder.encode(table); // says as `predict` does what does not fit
  const pooled = poolTable(model, table);
  const { inputs, nRows, rows, training } = pooled;
  const x = encoder.encode(pooled.table);
  if (!model.takesMissing)
    refuseMissing(new Table(pooled.table.columns, table.source, pooled.table.rowNumbers), x, CLASS_GAPS);
  const scores = classifier.classScores?.();
  const hasLogOdds = scores?.kind === "logit" && scores.present.length === classes.length;
  const { scale = hasLogOdds && blend.share < 1 ? "log-odds" : "probability" } = options;
  if (scale === "log-odds" && !hasLogOdds) {
    throw new IncompatibleError(
      "this model has no log-odds, since its probabilities can be 0; explain probabilities, or train boosting or logistic on rows without gaps",
    );
  }
  const evaluate = (features: FeatureMatrix): Float64Array =>
    scale === "log-odds"
      ? logOdds((scores as ClassScores).scoreRows(features), classes.length)
      : model.probabilitiesOf(features).data;
  const predict = async (features: FeatureMatrix): Promise<Float64Array> =>
    features.rows === 0 ? new Float64Array(0) : evaluate(features);
  const player = columnOfFeature(x, inputs);
  const asked =
    player === undefined
      ? askByTable(pooled, (asked) => predict(encoder.encode(asked)))
      : askByFeatures(pooled, encoder, x, player, predict);
  const isExact = scores !== undefined && (scores.kind === "logit") === (scale === "log-odds");
  return {
    ...{ target, inputs, nRows, rows, training, classes, scale, nOutputs: classes.length },
    ...asked,
    exact: async (of, background, run = {}) => {
      if (!isExact || player === undefined) return undefined;
      // A probability is mixed with what does not depend on the inputs.
      const factor = scale === "probability" ? 1 - blend.share : 1;
      const [own, others] = [takeRows(x, of), takeRows(x, background)];
      return exactClassShap(scores, classes.length, own, others, player, inputs.length, factor, run);
    },
  };
}
