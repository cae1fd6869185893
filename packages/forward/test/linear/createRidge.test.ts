import { createMatrix, createRandom } from "@materiome/core";
import { solvePositiveDefinite } from "@materiome/core/numerics";
import { createRidge } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, goldens, smooth, targets } from "../data.ts";

const { ridge } = goldens();
const x = features(40, 4, ridge.x);
const run = { random: createRandom(1) };

function expectClose(got: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(got.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThan(tolerance);
}

describe.each([1, 2] as const)("createRidge of degree %i against scikit-learn", (degree) => {
  const expected = ridge.expected[degree];

  it("predicts the same", async () => {
    const model = await createRidge({ alpha: ridge.alpha, degree }).fit(x, targets(ridge.y), run);
    expectClose(model.predictSync(features(5, 4, ridge.new)).mean.data, expected.predicted, ridge.tolerance);
  });

  it("holds out single rows and whole groups as refitting does", async () => {
    const learner = createRidge({ alpha: ridge.alpha, degree });
    const single = await learner.fit(x, targets(ridge.y), run);
    expectClose(single.heldOut?.mean ?? [], expected.leaveOneOut, ridge.tolerance);
    const grouped = await learner.fit(x, targets(ridge.y, { groups: Int32Array.from(ridge.groups) }), run);
    expectClose(grouped.heldOut?.mean ?? [], expected.leaveGroupOut, ridge.tolerance);
  });

  it("auto has the least held-out error of all penalties", async () => {
    const error = async (alpha: number | "auto"): Promise<number> => {
      const model = await createRidge({ alpha, degree }).fit(x, targets(ridge.y), run);
      return ridge.y.reduce((sum, v, i) => sum + (v - (model.heldOut?.mean[i] ?? Number.NaN)) ** 2, 0);
    };
    const best = await error("auto");
    for (const alpha of [1e-3, 0.1, 1, 10, 100]) expect(best).toBeLessThanOrEqual((await error(alpha)) * 1.02);
  });
});

describe("createRidge", () => {
  it("is exact on a quadratic without noise, and says so by narrow intervals", async () => {
    const { x: inputs, y } = smooth(60, 3, 1, 0);
    const model = await createRidge({ degree: 2 }).fit(inputs, y, run);
    const { mean, lower, upper } = model.predictSync(inputs);
    for (const [i, value] of y.values.data.entries()) expect(mean.data[i]).toBeCloseTo(value, 3);
    expect(upper!.data[0] - lower!.data[0]).toBeLessThan(0.01);
  });

  it("holds out groups of many rows as refitting does, in no time", async () => {
    const { x: inputs, y } = smooth(3000, 3, 1);
    const group = Int32Array.from({ length: 3000 }, (_, i) => i % 2);
    const alpha = 40;
    const model = await createRidge({ alpha }).fit(inputs, { ...y, groups: group }, run);
    // The features scaled as in all rows, and a free constant, fitted to the rows of group 1.
    const columns = [0, 1, 2].map((f) => Array.from({ length: 3000 }, (_, i) => inputs.data[3 * i + f]));
    const scaled = columns.map((column) => {
      const mean = column.reduce((sum, v) => sum + v, 0) / 3000;
      const std = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3000);
      return column.map((v) => (v - mean) / std);
    });
    const terms = [new Array<number>(3000).fill(1), ...scaled];
    const sumOver = (of: (i: number) => number): number =>
      group.reduce((sum, code, i) => sum + (code === 1 ? of(i) : 0), 0);
    const gram = terms.flatMap((a, k) =>
      terms.map((b, j) => sumOver((i) => a[i]! * b[i]!) + (k === j && k > 0 ? alpha : 0)),
    );
    const right = terms.map((a) => sumOver((i) => a[i]! * y.values.data[i]));
    const w = solvePositiveDefinite(createMatrix(4, 4, Float64Array.from(gram)), Float64Array.from(right));
    for (const i of [0, 2, 1234]) {
      const expected = terms.reduce((sum, term, k) => sum + w[k]! * term[i]!, 0);
      expect(model.heldOut!.mean[i]).toBeCloseTo(expected, 9);
    }
  });

  it("is less sure far from the training rows", async () => {
    const { x: inputs, y } = smooth(60, 3, 1);
    const model = await createRidge().fit(inputs, y, run);
    const { std } = model.predictSync(features(2, 3, [0.5, 0.5, 0.5, 30, -30, 30]));
    expect(std!.data[1]).toBeGreaterThan(3 * std!.data[0]);
  });

  it("takes more terms than rows, and columns that are constant or repeated", async () => {
    const { x: wide, y } = smooth(20, 12, 2);
    const data = Float64Array.from(wide.data);
    for (let i = 0; i < 20; i++) {
      data[i * 12 + 10] = 7;
      data[i * 12 + 11] = data[i * 12];
    }
    const model = await createRidge({ degree: 2 }).fit({ ...wide, data }, y, run);
    expect(model.predictSync({ ...wide, data }).mean.data.every(Number.isFinite)).toBe(true);
  });

  it("refuses missing values, naming feature and row, and weights", async () => {
    const { x: inputs, y } = smooth(20, 3, 1);
    const data = inputs.data.slice();
    data[7] = Number.NaN;
    await expect(createRidge().fit({ ...inputs, data }, y, run)).rejects.toThrow(/feature "x1" is missing in row 2/);
    const weighted = { ...y, weights: new Float64Array(20).fill(1) };
    await expect(createRidge().fit(inputs, weighted, run)).rejects.toThrow(/weights are not used/);
    expect(() => createRidge({ alpha: 0 })).toThrow(/alpha must be/);
  });
});
