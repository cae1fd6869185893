import { type ClassPrediction, createMatrix, type Prediction, readTable } from "@materiome/core";
import type { ClassExplanation, Explanation } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { classExplainDocument } from "../../src/output/classExplainDocument.ts";
import { elementLines } from "../../src/output/elementLines.ts";
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
  elements: [],
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
    const range = { trainingRange: { min: 0, max: 2 }, trainingRowsWithIt: 2 };
    expect(mo).toMatchObject({ element: "Mo", medianAmount: 1, ...range, meanAbsoluteChange: 38.7 });
    expect(mo?.accumulatedLocalEffect?.effect).toEqual([-10, 10]);
    expect(cu).toEqual({ element: "Cu", medianAmount: 1, ...range, meanAbsoluteChange: 0 });
  });

  it("are told of classes too, for the class explained and for each", () => {
    const { partial, local } = element.curves;
    const curves = {
      input: "Mo",
      local: {
        grid,
        counts: local.counts,
        classes: [-1, 1].map((sign) => ({ ...local, effect: Float64Array.of(-0.2 * sign, 0.2 * sign) })),
      },
      partial: { grid, means: [partial.mean, partial.mean] },
    };
    const changes = [Float64Array.of(-0.3), Float64Array.of(0.3)];
    const mo = {
      ...element,
      element: "Mo",
      changes,
      classMeanAbsolute: Float64Array.of(0.3, 0.3),
      meanAbsolute: 0.3,
      curves,
    };
    const probabilities = createMatrix(1, 2, Float64Array.of(0.2, 0.8));
    const classified: ClassExplanation = {
      ...common,
      classes: ["fcc", "bcc"],
      scale: "log-odds",
      base: Float64Array.of(0, 0),
      values: [createMatrix(1, 1), createMatrix(1, 1)],
      scores: probabilities,
      classMeanAbsolute: [new Float64Array(1), new Float64Array(1)],
      explained: Int32Array.of(1),
      predicted: Int32Array.of(1),
      prediction: { kind: "classification", probabilities, labels: ["fcc", "bcc"] },
      measured: [undefined],
      nOtherClasses: 0,
      priorShare: 0.01,
      elements: [{ input: "alloy", elements: [mo] }],
    };
    const page = classExplainReport({ ...source, explained: classified, asked: undefined });
    expect(page).toContain("What the elements of alloy do");
    expect(page).toContain("in alloy, to the probability of bcc, Mo 5 instead of 1 at%: +0.3");
    expect(count(page)).toBe(2);
    const { elements, rows } = classExplainDocument(classified, source.table, undefined);
    expect(rows[0]?.elements).toEqual({
      alloy: { Mo: { amount: 5, change: 0.3, changeByClass: { fcc: -0.3, bcc: 0.3 } } },
    });
    expect(elements[0]?.elements[0]).toMatchObject({
      element: "Mo",
      trainingRange: { min: 0, max: 2 },
      meanAbsoluteChange: 0.3,
      meanAbsoluteChangeByClass: { fcc: 0.3, bcc: 0.3 },
      accumulatedLocalEffect: { effect: { fcc: [0.2, -0.2], bcc: [-0.2, 0.2] } },
    });
  });

  it("stand in a line of the terminal, with what no training row had", () => {
    const none = { ...element, element: "Cu", training: new Float64Array(3), meanAbsolute: 2 };
    const columns = [{ input: "alloy", elements: [{ element: "Mo", ...element }, none] }];
    expect(elementLines(columns, " HV")).toEqual([
      "",
      "elements of alloy, mean |change| HV against their median amounts, the others scaled: Mo 38.7, Cu 2 (in no training row)",
    ]);
    expect(elementLines([{ input: "alloy", elements: [{ ...none, meanAbsolute: 0 }] }], "")).toEqual([]);
  });
});
