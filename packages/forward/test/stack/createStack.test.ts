import { readFileSync } from "node:fs";
import {
  createElasticNet,
  createKernelRidge,
  createNearestNeighbours,
  createRandomForest,
  createRidge,
  createStack,
  type Estimates,
  type ForwardLearner,
  type ForwardModel,
  type Predictor,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { nonNegativeLeastSquares } from "../../src/stack/nonNegativeLeastSquares.ts";
import { features, smooth, targets } from "../data.ts";
import { expectClose, run } from "../linear/sklearnLinear.ts";

const golden = JSON.parse(readFileSync(new URL("../fixtures/stack/scipy_nnls.json", import.meta.url), "utf8")) as {
  readonly cases: { m: number; a: number[]; b: number[]; nnls: number[]; simplex: number[] }[];
};

interface Report {
  readonly members: { readonly learner: string; readonly weight: number; readonly rmse: number }[];
  readonly rmse: number;
}
const reportOf = (model: ForwardModel): Report => model.report as unknown as Report;

describe("nonNegativeLeastSquares", () => {
  it.each(golden.cases)("agrees with scipy for $m columns", ({ m, a, b, nnls }) => {
    const gram = Float64Array.from({ length: m * m }, (_, at) =>
      b.reduce((sum, _, i) => sum + a[i * m + Math.floor(at / m)] * a[i * m + (at % m)], 0),
    );
    const right = Float64Array.from({ length: m }, (_, j) => b.reduce((sum, v, i) => sum + v * a[i * m + j], 0));
    expectClose(nonNegativeLeastSquares({ rows: m, columns: m, data: gram }, right), nnls, 1e-9);
  });

  it("takes columns that repeat each other, and none that helps", () => {
    const twice = { rows: 2, columns: 2, data: Float64Array.of(4, 4, 4, 4) };
    const [a, b] = nonNegativeLeastSquares(twice, Float64Array.of(4, 4));
    expect(a + b).toBeCloseTo(1, 6);
    expect(nonNegativeLeastSquares(twice, Float64Array.of(-1, -1))).toEqual(new Float64Array(2));
  });
});

/** Predicts column f of its inputs, whatever it was fitted to. */
const column = (f: number): ForwardLearner => {
  const predictor = {
    estimate: (x: { rows: number; columns: number; data: Float64Array }): Estimates => ({
      mean: Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f]),
      variance: new Float64Array(x.rows),
    }),
  } as Predictor;
  return { ...createRidge(), fit: async () => ({ predictor }) as ForwardModel };
};

describe("createStack", () => {
  it.each(golden.cases)("finds the least squares of scipy on the simplex, $m members", async ({ m, a, b, simplex }) => {
    const learners = Array.from({ length: m }, (_, f) => column(f));
    const model = await createStack({ learners }).fit(features(20, m, a), targets(b), run);
    expectClose(
      reportOf(model).members.map(({ weight }) => weight),
      simplex,
      1e-5,
    );
  });

  const { x, y } = smooth(90, 4, 3);
  const learners = [createRidge(), createKernelRidge(), createNearestNeighbours(), createRandomForest({ nTrees: 20 })];

  it("is hardly worse than the best of its members on rows held out, and drops what does not help", async () => {
    const model = await createStack({ learners }).fit(x, y, run);
    const { members, rmse } = reportOf(model);
    expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(rmse).toBeLessThan(1.05 * Math.min(...members.map((m) => m.rmse)));
    const useless = createElasticNet({ lambda: 1e3, l1Ratio: 1 });
    const report = reportOf(await createStack({ learners: [createKernelRidge(), useless] }).fit(x, y, run));
    expect(report.members[1].weight).toBe(0);
  });

  it("holds whole groups out: a member that knows only groups gets no weight", async () => {
    const groups = Int32Array.from({ length: 90 }, (_, i) => Math.floor(i / 9));
    const named = { ...x, data: x.data.map((_, at) => (at % 4 === 3 ? groups[Math.floor(at / 4)] : 0)) };
    const levels = [0, 7, -5, 3, -8, 6, -2, 9, -7, 1];
    const byGroup = targets(
      y.values.data.map((v, i) => v + levels[groups[i]]),
      { groups },
    );
    const nearest = createNearestNeighbours({ k: 1 });
    const free = await createStack({ learners: [createRidge(), nearest] }).fit(
      named,
      { ...byGroup, groups: undefined },
      run,
    );
    const held = await createStack({ learners: [createRidge(), nearest] }).fit(named, byGroup, run);
    expect(reportOf(free).members[1].weight).toBeGreaterThan(0.9);
    expect(reportOf(held).members[1].weight).toBeLessThan(0.5);
  });

  it("may leave a part to the mean of the target", async () => {
    const noise = targets(smooth(90, 4, 71).y.values.data.map((v, i) => (i % 2 === 0 ? v : -v)));
    const model = await createStack({ learners: [createNearestNeighbours({ k: 1 })], sumsToOne: false }).fit(
      x,
      noise,
      run,
    );
    expect(reportOf(model).members[0].weight).toBeLessThan(0.5);
  });

  it("takes weights and missing values if all members do", async () => {
    expect([...createStack({ learners: [createRandomForest(), createRandomForest()] }).supports]).toEqual([
      "weights",
      "missing",
    ]);
    expect([...createStack({ learners }).supports]).toEqual([]);
    const weighted = { ...y, weights: new Float64Array(90).fill(1) };
    await expect(createStack({ learners }).fit(x, weighted, run)).rejects.toThrow(/weights are not used/);
  });

  it("refuses an empty list and options outside their range", () => {
    expect(() => createStack({ learners: [] })).toThrow(/learners must be a list of at least one/);
    expect(() => createStack({ learners, folds: 1 })).toThrow(/folds must be/);
  });
});
