import { createMatrix, createRandom, takeRows } from "@materiome/core";
import {
  createElasticNet,
  createHuber,
  createPartialLeastSquares,
  createRandomForest,
  createRidge,
  createStack,
  type ForwardModel,
  kernelShap,
  matrixSubject,
  shapleyValues,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth } from "../data.ts";
import { bruteShapley, interventionalGame } from "./brute.ts";
import { formulaModel } from "./formulaModel.ts";

const rows = (...of: number[]): Int32Array => Int32Array.from(of);

describe("kernelShap", () => {
  it("gives an additive function its own terms, less their background means", async () => {
    const { x } = smooth(20, 4, 1);
    const subject = matrixSubject(
      formulaModel(([a, b, c]) => 2 * a + b * b - Math.exp(c)),
      x,
    );
    const background = rows(1, 2, 3, 4, 5);
    const terms = [(v: number) => 2 * v, (v: number) => v * v, (v: number) => -Math.exp(v), () => 0];
    for (const exactUpTo of [10, 0]) {
      const found = await kernelShap(subject, rows(7, 8), background, { exactUpTo, random: createRandom(1) });
      for (const [k, i] of [7, 8].entries()) {
        for (const [p, term] of terms.entries()) {
          const mean = background.reduce((sum, j) => sum + term(x.data[j * 4 + p]), 0) / 5;
          expect(found.values.data[k * 4 + p]).toBeCloseTo(term(x.data[i * 4 + p]) - mean, 9);
        }
      }
    }
  });

  it("shares a product as ½ (x − z)(x' + z')", async () => {
    const x = features(2, 2, [3, 5, 1, 2]);
    const subject = matrixSubject(
      formulaModel(([a, b]) => a * b),
      x,
    );
    const { base, values, standardError } = await kernelShap(subject, rows(0), rows(1));
    expect(base).toBe(2);
    expect(Array.from(values.data)).toEqual([0.5 * (3 - 1) * (5 + 2), 0.5 * (5 - 2) * (3 + 1)]);
    expect(standardError).toBeUndefined();
  });

  it("with one input all of the difference is its own", async () => {
    const subject = matrixSubject(
      formulaModel(([a]) => a ** 3),
      features(2, 1, [2, 1]),
    );
    const { values } = await kernelShap(subject, rows(0), rows(1), { exactUpTo: 0, random: createRandom(1) });
    expect(Array.from(values.data)).toEqual([7]);
  });

  it("sampled: adds up exactly, and errs as much as its standard errors say", async () => {
    const d = 14;
    const { x } = smooth(12, d, 3);
    const subject = matrixSubject(
      formulaModel((v) => Math.sin(3 * v[0] * v[1] + v[2] * v[3]) + v[4] * v[5] * v[6] + Math.max(...v.slice(7, 12))),
      x,
    );
    const background = rows(1, 2, 3);
    const exact = await kernelShap(subject, rows(5), background, { exactUpTo: 14 });
    const predicted = await subject.mix(subject.inputs.map(() => rows(5)));
    let squares = 0;
    let nonZero = 0;
    for (let seed = 0; seed < 25; seed++) {
      const found = await kernelShap(subject, rows(5), background, { nCoalitions: 300, random: createRandom(seed) });
      expect(found.values.data.reduce((sum, v) => sum + v, found.base)).toBeCloseTo(predicted[0], 10);
      for (let p = 0; p < d; p++) {
        const error = found.standardError!.data[p];
        expect(error).toBeGreaterThan(0);
        squares += ((found.values.data[p] - exact.values.data[p]) / error) ** 2;
        nonZero++;
      }
    }
    const ratio = Math.sqrt(squares / nonZero);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.3);
  });

  it("asks for more coalitions where there are more inputs", async () => {
    const { x } = smooth(3, 260, 1);
    const subject = matrixSubject(
      formulaModel((row) => 2 * row[0]! - row[259]!),
      x,
    );
    const { values } = await kernelShap(subject, rows(0), rows(1), { random: createRandom(1) });
    expect(values.data[0]).toBeCloseTo(2 * (x.data[0] - x.data[260]), 9);
    expect(values.data[259]).toBeCloseTo(x.data[519] - x.data[259], 9);
  });

  it("refuses what it cannot do", async () => {
    const { x } = smooth(5, 12, 3);
    const subject = matrixSubject(
      formulaModel(([a]) => a),
      x,
    );
    await expect(kernelShap(subject, rows(0), rows())).rejects.toThrow("at least one background row");
    await expect(kernelShap(subject, rows(0), rows(1))).rejects.toThrow("give random");
    await expect(kernelShap(subject, rows(0), rows(1), { nCoalitions: 40, random: createRandom(1) })).rejects.toThrow(
      "nCoalitions must be at least 48",
    );
    await expect(kernelShap(subject, rows(0), rows(1), { exactUpTo: 20 })).rejects.toThrow("exactUpTo");
  });
});

describe("shapleyValues", () => {
  it.each([
    ["ridge of degree 1", createRidge()],
    ["ridge of degree 2", createRidge({ degree: 2 })],
    ["forest", createRandomForest({ nTrees: 4 })],
    ["elastic net", createElasticNet({ lambda: 0.01, l1Ratio: 0.5 })],
    ["partial least squares", createPartialLeastSquares({ components: 2 })],
    ["Huber regression", createHuber({ alpha: 0.1 })],
    ["average", createStack({ learners: [createRidge(), createRandomForest({ nTrees: 6 })], folds: 3 })],
  ])("closed form of %s: as over all subsets", async (_name, learner) => {
    const { x, y } = smooth(60, 5, 4);
    const model = (await learner.fit(x, y, { random: createRandom(1) })) as ForwardModel;
    for (const sets of [
      [[0], [1], [2], [3], [4]],
      [[0, 4], [1], [2, 3]],
    ]) {
      const players = sets.map((of, k) => ({ name: `p${k}`, features: of }));
      const subject = matrixSubject(model, x, { players });
      const background = rows(0, 5, 10, 15);
      expect(await subject.exact(rows(20), background)).toBeDefined();
      const { values, base } = await shapleyValues(subject, rows(20, 21), background);
      for (const [k, i] of [20, 21].entries()) {
        const game = interventionalGame(model, x, i, takeRows(x, background), sets);
        const expected = bruteShapley(sets.length, game);
        expect(base).toBeCloseTo(game(0), 10);
        for (const [p, value] of expected.entries()) {
          expect(values.data[k * sets.length + p]).toBeCloseTo(value, 9);
        }
      }
      const asked = await kernelShap(subject, rows(20, 21), background);
      for (const [at, value] of asked.values.data.entries()) expect(value).toBeCloseTo(values.data[at], 9);
    }
  });

  it("a straight line contributes its slope times the distance from the background mean", async () => {
    const { x, y } = smooth(60, 3, 4);
    const model = await createRidge({ alpha: 0.1 }).fit(x, y, { random: createRandom(1) });
    const slope = (f: number): number => {
      const data = new Float64Array(6);
      data[3 + f] = 1;
      const { mean } = model.predictSync(createMatrix(2, 3, data));
      return mean.data[1] - mean.data[0];
    };
    const background = rows(1, 3, 5, 7);
    const { values } = await shapleyValues(matrixSubject(model, x), rows(0), background);
    for (let f = 0; f < 3; f++) {
      const mean = background.reduce((sum, j) => sum + x.data[j * 3 + f], 0) / 4;
      expect(values.data[f]).toBeCloseTo(slope(f) * (x.data[f] - mean), 9);
    }
  });
});
