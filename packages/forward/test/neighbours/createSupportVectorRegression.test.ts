import { readFileSync } from "node:fs";
import { decodeArray } from "@materiome/core";
import { type createRidge, createSupportVectorRegression } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { solveSupportVectors } from "../../src/kernels/index.ts";
import { features, rSquared, smooth, targets } from "../data.ts";
import { run } from "../linear/sklearnLinear.ts";

interface Goldens {
  readonly tolerance: number;
  readonly x: number[];
  readonly y: number[];
  readonly new: number[];
  readonly cases: {
    readonly covariance: "rbf" | "laplacian";
    readonly lengthScale: number;
    readonly penalty: number;
    readonly epsilon: number;
    readonly objective: number;
    readonly supportVectors: number;
    readonly predicted: number[];
  }[];
}
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/neighbours/sklearn_supportVectors.json", import.meta.url), "utf8"),
) as Goldens;

describe("createSupportVectorRegression against scikit-learn's SVR", () => {
  it.each(goldens.cases)("$covariance, ℓ $lengthScale, C $penalty, ε $epsilon", async (golden) => {
    const { covariance, lengthScale, penalty, epsilon } = golden;
    const learner = createSupportVectorRegression({ covariance, lengthScale, penalty, epsilon });
    const model = await learner.fit(features(60, 3, goldens.x), targets(goldens.y), run);
    const { data } = model.predictSync(features(goldens.new.length / 3, 3, goldens.new)).mean;
    for (const [i, value] of golden.predicted.entries()) {
      expect(Math.abs(data[i] - value)).toBeLessThan(goldens.tolerance);
    }
    // The dual objective, from what is stored.
    const stored = model.predictor.encode();
    const beta = decodeArray(stored["beta"], "f64");
    const points = decodeArray(stored["points"], "f64");
    const mean = goldens.y.reduce((sum, v) => sum + v / 60, 0);
    const scale = Math.sqrt(goldens.y.reduce((sum, v) => sum + (v - mean) ** 2 / 60, 0));
    const own = model.predictSync(features(60, 3, goldens.x)).mean.data;
    const { offset } = stored as unknown as { offset: number };
    expect(points.length).toBe(3 * beta.length);
    expect(Math.abs(beta.reduce((sum, v) => sum + v, 0))).toBeLessThan(1e-9);
    expect(Math.abs(beta.length - golden.supportVectors)).toBeLessThanOrEqual(1);
    const centre = [0, 1, 2].map((f) => goldens.x.reduce((sum, v, at) => sum + (at % 3 === f ? v / 60 : 0), 0));
    const spread = [0, 1, 2].map((f) =>
      Math.sqrt(goldens.x.reduce((sum, v, at) => sum + (at % 3 === f ? (v - centre[f]!) ** 2 / 60 : 0), 0)),
    );
    const rowOf = (k: number): number =>
      Array.from({ length: 60 }, (_, i) => i).find((i) =>
        [0, 1, 2].every((f) => Math.abs((goldens.x[3 * i + f]! - centre[f]!) / spread[f]! - points[3 * k + f]) < 1e-9),
      )!;
    let objective = 0;
    for (const [k, weight] of beta.entries()) {
      const i = rowOf(k);
      const kBeta = (own[i] - mean) / scale - offset;
      objective += 0.5 * weight * kBeta - ((goldens.y[i]! - mean) / scale) * weight + epsilon * Math.abs(weight);
    }
    expect(Math.abs(objective - golden.objective)).toBeLessThan(1e-4 * Math.max(1, Math.abs(golden.objective)));
  });
});

describe("solveSupportVectors", () => {
  it("is the closed form of two rows", () => {
    // K = I: β = ± min(C, (y₁ − y₂ − 2 ε) / 2), and the function lies ε inside the targets.
    for (const [penalty, beta] of [
      [10, 0.9],
      [0.4, 0.4],
    ] as const) {
      const [up, down, state] = [new Float64Array(2), new Float64Array(2), new Float64Array(3)];
      const residual = Float64Array.of(3, 1);
      const most = Float64Array.of(penalty, penalty);
      solveSupportVectors(2, most, most, 0.1, 1e-9, 100, Float64Array.of(1, 0, 0, 1), up, down, residual, state);
      expect(up[0] - down[0]).toBeCloseTo(beta, 9);
      expect(up[1] - down[1]).toBeCloseTo(-beta, 9);
      expect(state[0]).toBeCloseTo(2, 9);
    }
  });
});

describe("solveSupportVectors of classes", () => {
  it("is the closed form of two rows of two classes", () => {
    // K = I, y = ±1: ½ (a² + a²) − 2 a is least at a = 1, or at the limit.
    for (const [penalty, beta] of [
      [10, 1],
      [0.4, 0.4],
    ] as const) {
      const [up, down, state] = [new Float64Array(2), new Float64Array(2), new Float64Array(3)];
      const [upMost, downMost] = [Float64Array.of(penalty, 0), Float64Array.of(0, penalty)];
      const k = Float64Array.of(1, 0, 0, 1);
      solveSupportVectors(2, upMost, downMost, 0, 1e-9, 100, k, up, down, Float64Array.of(1, -1), state);
      expect([up[0], down[0], up[1], down[1]]).toEqual([beta, 0, 0, beta]);
      expect(state[0]).toBeCloseTo(0, 12);
    }
  });
});

describe("createSupportVectorRegression", () => {
  it("follows what a line cannot, and leaves rows inside the tube out", async () => {
    const { x, y } = smooth(120, 3, 2, 0.05);
    const test = smooth(60, 3, 9, 0);
    const score = async (learner: ReturnType<typeof createRidge>): Promise<number> =>
      rSquared(test.y.values.data, (await learner.fit(x, y, run)).predictSync(test.x).mean.data);
    expect(await score(createSupportVectorRegression({ folds: 3 }))).toBeGreaterThan(0.98);
    const wide = await createSupportVectorRegression({ epsilon: 0.3, penalty: 10, lengthScale: 2 }).fit(x, y, run);
    expect((wide.report as { supportVectors: number }).supportVectors).toBeLessThan(40);
    expect((wide.report as { converged: boolean }).converged).toBe(true);
  });

  it("takes repeated rows, constant features, a constant target and few rows; refuses options outside their range", async () => {
    const { x, y } = smooth(6, 3, 1);
    for (const data of [x.data.map((_, at) => x.data[at % 6]), new Float64Array(18).fill(1)]) {
      const model = await createSupportVectorRegression().fit({ ...x, data }, y, run);
      expect(model.predictSync(x).mean.data.every(Number.isFinite)).toBe(true);
    }
    const flat = await createSupportVectorRegression().fit(x, targets(new Float64Array(6).fill(7)), run);
    expect(flat.predictSync(x).mean.data[0]).toBeCloseTo(7, 9);
    const many = features(5001, 1, new Float64Array(5001));
    await expect(createSupportVectorRegression().fit(many, targets(new Float64Array(5001)), run)).rejects.toThrow(
      /at most 5000/,
    );
    expect(() => createSupportVectorRegression({ covariance: "cubic" as "rbf" })).toThrow(/covariance must be/);
    expect(() => createSupportVectorRegression({ penalty: 0 })).toThrow(/penalty must be/);
    expect(() => createSupportVectorRegression({ epsilon: -1 })).toThrow(/epsilon must be/);
    expect(() => createSupportVectorRegression({ lengthScale: 0 })).toThrow(/lengthScale must be/);
    expect(() => createSupportVectorRegression({ folds: 1 })).toThrow(/folds must be/);
  });
});
