import {
  type Column,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  type Domain,
  type Prediction,
  type Table,
  type TableModel,
} from "@materiome/core";
import type { MissingInputs } from "@materiome/forward";

const NOTE = { role: "note" } as const;

/** Where the rows of a table stand among those that were predicted. */
export interface PredictedRows {
  readonly table: Table;
  /** Place of each row of the table among the predictions; −1 where there is none. */
  readonly place: Int32Array;
  readonly missing: MissingInputs["rows"];
}

/** Columns named as the command contract says, prefixed by the target where there are several. */
export function predictionColumns(
  model: TableModel,
  prediction: Prediction,
  level: number,
  rows: PredictedRows,
): Column[] {
  const { length: nTargets } = model.targets;
  const columns: Column[] = [];
  for (const [t, target] of model.targets.entries()) {
    const named = (name: string): string => (nTargets > 1 ? `${target.name} ${name}` : name);
    const { lower, upper } = intervals(prediction, t, level);
    const take =
      (data: Float64Array | undefined): ((at: number) => number) =>
      (at) =>
        data?.[at * nTargets + t] ?? Number.NaN;
    columns.push(
      numbers(named("prediction"), rows, take(prediction.mean.data)),
      numbers(named("lower"), rows, (at) => lower[at] ?? Number.NaN),
      numbers(named("upper"), rows, (at) => upper[at] ?? Number.NaN),
      numbers(named("std"), rows, take(prediction.std?.data)),
    );
  }
  return [...columns, ...domainColumns(prediction.domain, rows)];
}

/** `in_domain`, `domain_score`, `domain_reason`, `missing_inputs`. */
export function domainColumns(domain: Domain | undefined, rows: PredictedRows): Column[] {
  const { table, place, missing } = rows;
  const lacking = new Map(missing.map(({ row, columns }) => [row, columns.join(", ")]));
  const all = Array.from({ length: table.nRows }, (_, i) => i);
  const at = (i: number): number => place[i] ?? -1;
  const said =
    domain === undefined
      ? []
      : [
          createCategoryColumn(
            "in_domain",
            all.map((i) => (at(i) >= 0 && domain.inDomain[at(i)] === 1 ? "yes" : "no")),
            NOTE,
          ),
          numbers("domain_score", rows, (k) => domain.score[k] ?? Number.NaN),
          createTextColumn(
            "domain_reason",
            all.map((i) =>
              at(i) >= 0
                ? domain.reason(at(i))
                : `not predicted: this model takes no missing values, and ${lacking.get(i) ?? "a feature"} is missing`,
            ),
            { ...NOTE, kind: "text" },
          ),
        ];
  return [
    ...said,
    createTextColumn(
      "missing_inputs",
      all.map((i) => lacking.get(i)),
      { ...NOTE, kind: "text" },
    ),
  ];
}

/** Without a unit in the header: scripts look for the bare names. The unit is the target's. */
export function numbers(name: string, { place }: PredictedRows, value: (at: number) => number): Column {
  return createNumberColumn(
    name,
    Float64Array.from(place, (at) => (at < 0 ? Number.NaN : value(at))),
    NOTE,
  );
}

/** The calibrated interval at the model's own level, else quantiles of the predictive distribution. */
function intervals(
  prediction: Prediction,
  target: number,
  level: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } {
  const { rows, columns } = prediction.mean;
  const { distribution } = prediction;
  const own = prediction.level === level;
  const at = (matrixData: Float64Array | undefined, p: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) =>
      own ? (matrixData?.[i * columns + target] ?? Number.NaN) : (distribution?.quantile(i, target, p) ?? Number.NaN),
    );
  return { lower: at(prediction.lower?.data, (1 - level) / 2), upper: at(prediction.upper?.data, (1 + level) / 2) };
}
