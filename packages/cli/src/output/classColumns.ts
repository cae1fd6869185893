import {
  type ClassPrediction,
  type Column,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
} from "@materiome/core";
import { domainColumns, numbers, type PredictedRows } from "./predictionColumns.ts";
import { type PredictionSets, setText } from "./predictionSets.ts";

const NOTE = { role: "note" } as const;

/** `prediction` (the most probable class), `probability CLASS` of each class, `prediction_set`, `prediction_set_size`, and the domain. */
export function classColumns(prediction: ClassPrediction, sets: PredictionSets, rows: PredictedRows): Column[] {
  const { probabilities, labels } = prediction;
  const k = labels.length;
  const all = Array.from(rows.place);
  return [
    createCategoryColumn(
      "prediction",
      all.map((at) => {
        const own = probabilities.data.subarray(at * k, (at + 1) * k);
        return at < 0 ? undefined : labels[own.indexOf(Math.max(...own))];
      }),
      NOTE,
    ),
    ...labels.map((label, c) =>
      numbers(`probability ${label}`, rows, (at) => probabilities.data[at * k + c] ?? Number.NaN),
    ),
    createTextColumn("prediction_set", sets.map(setText), { ...NOTE, kind: "text" }),
    createNumberColumn(
      "prediction_set_size",
      sets.map((set) => set?.length ?? Number.NaN),
      NOTE,
    ),
    ...domainColumns(prediction.domain, rows),
  ];
}
