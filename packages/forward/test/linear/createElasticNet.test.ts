import { createElasticNet, type ForwardModel } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";
import { expectClose, fresh, goldens, grouped, run, x } from "./sklearnLinear.ts";

const golden = goldens.elasticNet;

interface Report {
  readonly lambda: number;
  readonly l1Ratio: number;
  readonly rmse: number;
  readonly features: { readonly feature: string; readonly slope: number; readonly effect: number }[];
}
const reportOf = (model: ForwardModel): Report => model.report as unknown as Report;

describe("createElasticNet against scikit-learn", () => {
  it.each(golden.fixed)("λ $lambda, ratio $l1Ratio: coefficients and predictions", async (expected) => {
    const { lambda, l1Ratio } = expected;
    const model = await createElasticNet({ lambda, l1Ratio }).fit(x, targets(goldens.y), run);
    expectClose(model.predictSync(fresh).mean.data, expected.predicted, 1e-6);
    const effects = new Map(reportOf(model).features.map(({ feature, effect }) => [feature, effect]));
    expectClose(
      expected.effects.map((_, f) => effects.get(`x${f}`) ?? 0),
      expected.effects,
      1e-6,
    );
    expect(effects.size).toBe(expected.effects.filter((effect) => effect !== 0).length);
  });

  it("chooses λ by left-out groups, and holds each group out from the choice too", async () => {
    const learner = createElasticNet({ lambda: golden.lambdas, l1Ratio: 0.5 });
    const model = await learner.fit(x, grouped(goldens.y), run);
    expect(reportOf(model).lambda).toBe(golden.chosen);
    expect(reportOf(model).rmse).toBeCloseTo(golden.rmse, 1);
    expectClose(model.heldOut?.mean, golden.heldOut, 1e-6);
  });

  it("takes the strongest penalty within one standard error, if asked to", async () => {
    const learner = createElasticNet({ lambda: golden.lambdas, l1Ratio: 0.5, rule: "oneStandardError" });
    expect(reportOf(await learner.fit(x, grouped(goldens.y), run)).lambda).toBe(golden.chosenOneStandardError);
    expect(golden.chosenOneStandardError).toBeGreaterThan(golden.chosen);
  });
});

describe("createElasticNet", () => {
  it("is soft thresholding for one feature", async () => {
    const one = features(4, 1, [-1, 1, -1, 1]);
    const model = await createElasticNet({ lambda: 0.3, l1Ratio: 1 }).fit(one, targets([-3, 3, -3, 3]), run);
    // Standardised target ±1 on feature ±1: coefficient 1 − 0.3, in target units times 3.
    expectClose(model.predictSync(one).mean.data, [-2.1, 2.1, -2.1, 2.1], 1e-9);
  });

  it("finds the few features that matter among many more than there are rows", async () => {
    const { x: wide, y } = smooth(60, 200, 5, 0);
    const data = y.values.data.map((_, i) => 3 * wide.data[i * 200 + 7] - 2 * wide.data[i * 200 + 150]);
    const learner = createElasticNet({ l1Ratio: 1, rule: "oneStandardError" });
    const model = await learner.fit(wide, targets(data), run);
    const [first, second] = reportOf(model).features;
    expect([first.feature, second.feature]).toEqual(["x7", "x150"]);
    expect(first.slope).toBeCloseTo(3, 0);
    const zeros = reportOf(model).features.filter(({ effect }) => Math.abs(effect) > 0.05);
    expect(zeros.length).toBe(2);
  });

  it("is the mean where the features say nothing, the target is constant or all features are", async () => {
    const { x: inputs, y } = smooth(30, 3, 1);
    for (const [rows, values] of [
      [inputs, new Float64Array(30).fill(7)],
      [{ ...inputs, data: new Float64Array(90).fill(2) }, y.values.data],
    ] as const) {
      const model = await createElasticNet().fit(rows, targets(values), run);
      const mean = values.reduce((sum, v) => sum + v, 0) / 30;
      for (const value of model.predictSync(inputs).mean.data) expect(value).toBeCloseTo(mean, 9);
      expect(reportOf(model).features).toEqual([]);
    }
  });

  it("takes repeated features and few rows; says when there are too few to choose", async () => {
    const { x: inputs, y } = smooth(9, 4, 2);
    const data = inputs.data.map((v, at) => (at % 4 === 3 ? inputs.data[at - 3] : v));
    const model = await createElasticNet().fit({ ...inputs, data }, y, run);
    expect(model.predictSync({ ...inputs, data }).mean.data.every(Number.isFinite)).toBe(true);
    const two = { ...y, groups: Int32Array.from({ length: 9 }, (_, i) => i % 2) };
    await expect(createElasticNet().fit(inputs, two, run)).rejects.toThrow(/2 groups of rows are too few to choose/);
    const fixed = await createElasticNet({ lambda: 0.1, l1Ratio: 1 }).fit(inputs, two, run);
    expect(fixed.heldOut?.mean.length).toBe(9);
  });

  it("refuses options outside their range, and weights", async () => {
    expect(() => createElasticNet({ lambda: -1 })).toThrow(/lambda must be/);
    expect(() => createElasticNet({ lambda: [] })).toThrow(/lambda must be/);
    expect(() => createElasticNet({ l1Ratio: 0 })).toThrow(/l1Ratio must be above 0/);
    expect(() => createElasticNet({ folds: 1 })).toThrow(/folds must be/);
    const { x: inputs, y } = smooth(20, 3, 1);
    const weighted = { ...y, weights: new Float64Array(20).fill(1) };
    await expect(createElasticNet().fit(inputs, weighted, run)).rejects.toThrow(/weights are not used/);
  });
});
