import { type ClassPrediction, createMatrix, type Prediction, readTable } from "@materiome/core";
import type { ClassExplanation, Explanation } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { explainDocument } from "../../src/output/explainDocument.ts";
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
      elements: [],
    };
    expect(count(explainReport({ ...source, explained, targetIndex: 0 }))).toBe(1);
  });
});

describe("elements of a formula", () => {
  const mean = createMatrix(1, 1, Float64Array.of(80));
  const grid = Float64Array.of(0, 2);
  const element = {
    amounts: Float64Array.of(5),
    training: Float64Array.of(0, 1, 2),
    reference: 1,
    changes: Float64Array.of(38.7),
    meanAbsolute: 38.7,
    curves: {
      local: {
        ...{ input: "Mo", grid, effect: Float64Array.of(-10, 10) },
        ...{ standardError: Float64Array.of(0, 1), counts: Int32Array.of(3) },
      },
      partial: {
        ...{ input: "Mo", grid, mean: Float64Array.of(20, 40) },
        curves: createMatrix(2, 2, Float64Array.of(10, 40, 30, 40)),
      },
    },
  };
  const none = { ...element, changes: Float64Array.of(Number.NaN), meanAbsolute: 0, curves: undefined };
  const explained: Explanation = {
    ...common,
    target: { name: "k", unit: "HV" },
    base: 7,
    values: createMatrix(1, 1),
    prediction: { kind: "regression", mean } as Prediction,
    predicted: mean.data,
    measured: Float64Array.of(Number.NaN),
    elements: [
      {
        input: "alloy",
        elements: [
          { element: "Mo", ...element },
          { element: "Cu", ...none },
        ],
      },
    ],
  };

  it("have a section with curves, single rows behind them, and stand in the text of each row", () => {
    const page = explainReport({ ...source, explained, targetIndex: 0 });
    expect(page).toContain("What the elements of alloy do");
    expect(page).toContain("in alloy Mo 5 instead of 1 at%: +38.7 HV");
    expect(page).not.toContain("Cu");
    expect(count(page)).toBe(2);
    expect(page.match(/#dcdfe3/g)?.length).toBe(2);
    expect(page).not.toContain("NaN");
  });

  it("say which of them no training row had, and how many are left for explain.json", () => {
    const names = ["Al", "Co", "Cr", "Cu", "Fe", "Mn", "Nb", "Ni", "Ti", "V", "W", "Zr", "Hf"];
    const all = names.map((name) => ({ ...element, element: name, training: new Float64Array(3), reference: 0 }));
    const page = explainReport({
      ...source,
      explained: { ...explained, elements: [{ input: "alloy", elements: all }] },
      targetIndex: 0,
    });
    expect(page.match(/in none of them/g)?.length).toBe(12);
    expect(page).toContain("The other one is in explain.json");
  });

  it("are in explain.json, by row and on the whole", () => {
    const { elements, rows } = explainDocument(explained, source.table, 0);
    expect(rows[0]?.elements).toEqual({ alloy: { Mo: { amount: 5, change: 38.7 } } });
    const [mo, cu] = elements[0]?.elements ?? [];
    expect(mo).toMatchObject({ element: "Mo", medianAmount: 1, meanAbsoluteChange: 38.7 });
    expect(mo?.accumulatedLocalEffect?.effect).toEqual([-10, 10]);
    expect(cu).toEqual({ element: "Cu", medianAmount: 1, meanAbsoluteChange: 0 });
  });
});
