import { type ClassPrediction, type Column, createCategoryColumn, createTextColumn } from "@materiome/core";
import type { PropertyClassModel } from "@materiome/forward";
import { domainColumns, numbers, type PredictedRows } from "./predictionColumns.ts";

const NOTE = { role: "note" } as const;

/** `prediction` (the most probable class), `probability CLASS` of each class, `prediction_set`, and the domain. */
export function classColumns(
  model: PropertyClassModel,
  prediction: ClassPrediction,
  level: number,
  rows: PredictedRows,
): Column[] {
  const { probabilities, labels } = prediction;
  const k = labels.length;
  const sets = model.setsOf(prediction, level);
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
    createTextColumn(
      "prediction_set",
      all.map((at) => (at < 0 ? undefined : (sets[at] ?? []).join(" | "))),
      { ...NOTE, kind: "text" },
    ),
    ...domainColumns(prediction.domain, rows),
  ];
}
