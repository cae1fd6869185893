import { type ClassPrediction, createMatrix, type Prediction, readTable } from "@materiome/core";
import type { ClassExplanation, Explanation } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { classExplainReport } from "../../src/report/classExplainReport.ts";
import { explainReport } from "../../src/report/explainReport.ts";

const common = {
  target: { name: "k", unit: "" },
  inputs: [{ name: "a", unit: "", values: Float64Array.of(1, 2), texts: undefined }],
  standardError: undefined,
  meanAbsolute: new Float64Array(1),
  nBackground: 1,
  nTraining: 1,
  importance: undefined,
  noImportance: "no rows",
  effects: [],
  interactions: [],
  correlated: [],
  parts: [],
} as const;
const source = { table: readTable("a\n1"), path: "new.csv", chosen: undefined, seed: 1, sha256: "0" } as const;
const count = (page: string): number => page.match(/<svg/g)?.length ?? 0;

describe("pages of models that use no column", () => {
  it("have the call alone as a picture, and say that classes get their shares", () => {
    const probabilities = createMatrix(1, 2, Float64Array.of(0.6, 0.4));
    const prediction: ClassPrediction = { kind: "classification", probabilities, labels: ["x", "y"] };
    const explained: ClassExplanation = {
      ...common,
      classes: ["x", "y"],
      scale: "probability",
      base: Float64Array.of(0.6, 0.4),
      values: [createMatrix(1, 1), createMatrix(1, 1)],
      scores: probabilities,
      classMeanAbsolute: [new Float64Array(1), new Float64Array(1)],
      explained: Int32Array.of(0),
      predicted: Int32Array.of(0),
      prediction,
      measured: [undefined],
      nOtherClasses: 0,
      priorShare: 1,
    };
    for (const asked of [undefined, "x"]) {
      const page = classExplainReport({ ...source, explained, asked });
      expect(count(page)).toBe(1);
      expect(page).toContain("This model gives every row the shares of the classes");
    }
  });

  it("have the prediction alone as a picture", () => {
    const mean = createMatrix(1, 1, Float64Array.of(7));
    const prediction = { kind: "regression", mean } as Prediction;
    const explained: Explanation = {
      ...common,
      base: 7,
      values: createMatrix(1, 1),
      prediction,
      predicted: mean.data,
      measured: Float64Array.of(Number.NaN),
    };
    expect(count(explainReport({ ...source, explained, targetIndex: 0 }))).toBe(1);
  });
});
