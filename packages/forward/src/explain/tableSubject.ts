import { DataError, Table, type TableModel, takeRows } from "@materiome/core";
import type { PropertyModel } from "../property/propertyModel.ts";
import { refuseMissing } from "../property/refuseMissing.ts";
import { exactShap } from "./exactShap.ts";
import { predictMean } from "./matrixSubject.ts";
import { askByFeatures, askByTable, columnOfFeature, poolTable } from "./pooledTable.ts";
import type { ExplainRun, Subject } from "./subject.ts";

export interface TableSubjectOptions {
  /** Target column. @defaultValue the model's only one */
  readonly target?: string | undefined;
}

/** A subject whose rows are those of a table followed by the training rows of the model. */
export interface TableSubject extends Subject {
  /** Rows of the table. */
  readonly rows: Int32Array;
  /** Rows the model was trained on. */
  readonly training: Int32Array;
}

/**
 * A table model beside a table and its own training rows, to be explained by input column, in the units of the model.
 *
 * @throws DataError for a column that is missing or of another kind, a target the model does not predict, or a missing value
 * where the model takes none
 * @throws UnitError for a column whose unit does not convert
 * @example
 * const subject = tableSubject(model, table);
 * const { values } = await shapleyValues(subject, subject.rows, subject.training, { random });
 */
export function tableSubject(model: TableModel, table: Table, options: TableSubjectOptions = {}): TableSubject {
  const t = targetIndex(model, options.target);
  const target = model.targets[t] as TableModel["targets"][number]; // t < length
  const single = (model as Partial<PropertyModel>).models?.[t];
  const own = single === undefined ? undefined : (model as PropertyModel);
  own?.encoder.encode(table); // says as `predict` does what does not fit
  const pooled = poolTable(model, table);
  const { inputs, nRows, rows, training } = pooled;
  const parts = { target, inputs, nRows, rows, training, nOutputs: 1 } as const;
  if (own !== undefined && single !== undefined) {
    const { encoder } = own;
    const x = encoder.encode(pooled.table);
    if ((single as { predictor?: { allowsMissing: boolean } }).predictor?.allowsMissing === false) {
      refuseMissing(new Table(pooled.table.columns, table.source, pooled.table.rowNumbers), x);
    }
    const player = columnOfFeature(x, inputs);
    if (player !== undefined) {
      return {
        ...parts,
        ...askByFeatures(pooled, encoder, x, player, (features, run) => predictMean(single, features, run)),
        exact: (of, background, run = {}) =>
          exactShap(single, takeRows(x, of), takeRows(x, background), player, inputs.length, run),
      };
    }
  }
  return { ...parts, ...askByTable(pooled, tablePredictor(model, t)), exact: async () => undefined };
}

/** Predictions of one target for the rows of a table, without what else a prediction of a property model says. */
export function tablePredictor(model: TableModel, t: number): (rows: Table, run?: ExplainRun) => Promise<Float64Array> {
  const { models, encoder } = model as Partial<PropertyModel>;
  const single = models?.[t];
  return async (asked, run) => {
    if (single !== undefined && encoder !== undefined) return predictMean(single, encoder.encode(asked), run);
    const { mean } = await model.predict(asked, run);
    return Float64Array.from({ length: asked.nRows }, (_, i) => mean.data[i * mean.columns + t] as number); // i < rows
  };
}

/** @throws DataError for a target that the model does not predict, or none named where it predicts several */
export function targetIndex(model: Pick<TableModel, "targets">, name: string | undefined): number {
  const names = model.targets.map((target) => target.name);
  const known = names.map((text) => `"${text}"`).join(", ");
  if (name === undefined) {
    if (names.length === 1) return 0;
    throw new DataError(`the model predicts ${known}; say which is to be explained`);
  }
  const t = names.indexOf(name);
  if (t < 0) throw new DataError(`the model does not predict "${name}"; it predicts ${known}`);
  return t;
}
