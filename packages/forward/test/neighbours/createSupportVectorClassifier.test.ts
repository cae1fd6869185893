import { readFileSync } from "node:fs";
import { createMatrix, decodeArray } from "@materiome/core";
import { createSupportVectorClassifier, exportOnnx, readClassifier, reader } from "@materiome/forward";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coupleProbabilities } from "../../src/kernels/index.ts";
import { decodeStandardiser } from "../../src/linear/standardiser.ts";
import { fitSigmoid } from "../../src/neighbours/fitSigmoid.ts";
import { decisionValues } from "../../src/neighbours/supportVectorClassifier.ts";
import { blobs, classes, planesOf, run, storedOf } from "../classData.ts";
import { features } from "../data.ts";

interface Goldens {
  readonly tolerance: number;
  readonly x: number[];
  readonly new: number[];
  readonly cases: {
    readonly covariance: "rbf" | "laplacian";
    readonly lengthScale: number;
    readonly penalty: number;
    readonly balanced: boolean;
    readonly codes: number[];
    readonly supportVectors: number;
    readonly decisions: number[];
  }[];
}
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/neighbours/sklearn_classSupportVectors.json", import.meta.url), "utf8"),
) as Goldens;

/** Quick to fit. */
const SET = { lengthScale: 1.5, penalty: 2, folds: 3 } as const;

describe("createSupportVectorClassifier against scikit-learn's SVC", () => {
  it.each(goldens.cases)("$covariance, ℓ $lengthScale, C $penalty, balanced $balanced", async (golden) => {
    const { covariance, lengthScale, penalty, balanced, codes } = golden;
    const classWeights = balanced ? "balanced" : undefined;
    const learner = createSupportVectorClassifier({ covariance, lengthScale, penalty, classWeights, folds: 3 });
    const model = await learner.fit(features(60, 3, goldens.x), classes(codes), run());
    const stored = storedOf(model).state["supportVectors"] as Record<string, unknown>;
    const [points, beta] = [decodeArray(stored["points"], "f64"), decodeArray(stored["beta"], "f64")];
    const machines = {
      standardiser: decodeStandardiser(stored["standardiser"], 3),
      points: createMatrix(points.length / 3, 3, points),
      ...{ covariance, lengthScale, beta },
      offsets: decodeArray(stored["offsets"], "f64"),
    };
    const found = decisionValues(machines, features(goldens.new.length / 3, 3, goldens.new));
    expect(found.length).toBe(golden.decisions.length);
    for (const [i, value] of golden.decisions.entries()) {
      expect(Math.abs(found[i] - value)).toBeLessThan(goldens.tolerance);
    }
    expect(Math.abs(points.length / 3 - golden.supportVectors)).toBeLessThanOrEqual(1);
  });
});

describe("fitSigmoid", () => {
  const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

  it("is the closed form of two decision values: the targets themselves", () => {
    // 3 of 4 rows at +1 are of the first class, 1 of 4 at −1: mean targets are met exactly.
    const decisions = Float64Array.of(1, 1, 1, 1, -1, -1, -1, -1);
    const isFirst = Uint8Array.of(1, 1, 1, 0, 1, 0, 0, 0);
    const { slope, offset } = fitSigmoid(decisions, isFirst, ones(8));
    const [high, low] = [5 / 6, 1 / 6];
    const p = (f: number): number => 1 / (1 + Math.exp(slope * f + offset));
    expect(p(1)).toBeCloseTo((3 * high + low) / 4, 9);
    expect(p(-1)).toBeCloseTo((high + 3 * low) / 4, 9);
  });

  it("gives separable rows and rows of one class a finite sigmoid, and decisions that say nothing the share", () => {
    const far = fitSigmoid(Float64Array.of(50, 60, -40, -70), Uint8Array.of(1, 1, 0, 0), ones(4));
    expect(Number.isFinite(far.slope) && far.slope < 0).toBe(true);
    const one = fitSigmoid(Float64Array.of(1, 2, 3), Uint8Array.of(1, 1, 1), ones(3));
    expect(1 / (1 + Math.exp(one.slope * 2 + one.offset))).toBeCloseTo(4 / 5, 6);
    const none = fitSigmoid(new Float64Array(4), Uint8Array.of(1, 0, 0, 0), ones(4));
    expect(1 / (1 + Math.exp(none.offset))).toBeCloseTo((2 / 3 + 3 / 5) / 4, 6);
  });

  it("counts a row of weight 2 as two rows", () => {
    const [f, y] = [Float64Array.of(1, 0.5, -0.2, -1), Uint8Array.of(1, 0, 1, 0)];
    const weighted = fitSigmoid(f, y, Float64Array.of(1, 2, 1, 1));
    const repeated = fitSigmoid(Float64Array.of(...f, 0.5), Uint8Array.of(...y, 0), ones(5));
    expect(weighted.slope).toBeCloseTo(repeated.slope, 9);
    expect(weighted.offset).toBeCloseTo(repeated.offset, 9);
  });
});

describe("coupleProbabilities", () => {
  const couple = (k: number, r: Float64Array): Float64Array => {
    const p = new Float64Array(k);
    coupleProbabilities(k, r, new Float64Array((k + 1) * (k + 2)), 0, p);
    return p;
  };
  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  const pairs = fc.integer({ min: 2, max: 6 }).chain((k) =>
    fc.array(share, { minLength: k * k, maxLength: k * k }).map((values) => {
      const r = new Float64Array(k * k);
      for (let a = 0; a < k; a++) {
        for (let b = a + 1; b < k; b++) [r[a * k + b], r[b * k + a]] = [values[a * k + b], 1 - values[a * k + b]];
      }
      return { k, r, values };
    }),
  );

  it("gives back the probabilities that pairs are made of", () => {
    fc.assert(
      fc.property(pairs, ({ k, values }) => {
        const total = values.slice(0, k).reduce((sum, v) => sum + v, 0);
        const own = values.slice(0, k).map((v) => v / total);
        const r = Float64Array.from({ length: k * k }, (_, at) => {
          const [a, b] = [Math.floor(at / k), at % k];
          return own[a] / (own[a] + own[b]);
        });
        for (const [a, p] of couple(k, r).entries()) expect(p).toBeCloseTo(own[a], 9);
      }),
    );
  });

  it("is where the sweeps of the paper end (algorithm 2), above 0, with sum 1", () => {
    fc.assert(
      fc.property(pairs, ({ k, r }) => {
        const q = (a: number, b: number): number => {
          if (a !== b) return -r[b * k + a] * r[a * k + b];
          let sum = 0;
          for (let s = 0; s < k; s++) if (s !== a) sum += r[s * k + a] ** 2;
          return sum;
        };
        let p = new Array<number>(k).fill(1 / k);
        for (let sweep = 0; sweep < 3000; sweep++) {
          for (let t = 0; t < k; t++) {
            let [others, whole] = [0, 0];
            for (let a = 0; a < k; a++) {
              if (a !== t) others += q(t, a) * p[a];
              for (let b = 0; b < k; b++) whole += p[a] * q(a, b) * p[b];
            }
            p[t] = (whole - others) / q(t, t);
            const total = p.reduce((sum, v) => sum + v, 0);
            p = p.map((v) => v / total);
          }
        }
        const found = couple(k, r);
        for (const [a, value] of found.entries()) {
          expect(value).toBeCloseTo(p[a], 6);
          expect(value).toBeGreaterThan(0);
        }
        expect(found.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 12);
      }),
      { numRuns: 20 },
    );
  });
});

describe("createSupportVectorClassifier", () => {
  it("tells rings apart that no line does, with probabilities that hold on rows it has not seen", async () => {
    const ring = (n: number, seed: number) => {
      const { x } = blobs(n, seed);
      const codes = Array.from({ length: n }, (_, i) => {
        const radius = Math.hypot(x.data[4 * i + 2], x.data[4 * i + 3]);
        return radius < 0.9 ? 0 : radius < 1.6 ? 1 : 2;
      });
      const data = Array.from({ length: 2 * n }, (_, at) => x.data[4 * Math.floor(at / 2) + 2 + (at % 2)]);
      return { x: features(n, 2, data), y: classes(codes) };
    };
    const [{ x, y }, fresh] = [ring(150, 3), ring(200, 8)];
    const model = await createSupportVectorClassifier({ folds: 3 }).fit(x, y, run());
    const { probabilities } = model.predictSync(fresh.x);
    let [right, loss] = [0, 0];
    for (const [i, code] of fresh.y.codes.entries()) {
      const own = probabilities.data.subarray(3 * i, 3 * i + 3);
      right += own.indexOf(Math.max(...own)) === code ? 1 / 200 : 0;
      loss -= Math.log(own[code]) / 200;
    }
    expect(right).toBeGreaterThan(0.85);
    expect(loss).toBeLessThan(0.45);
    expect(Math.abs(model.outOfBag!.accuracy - right)).toBeLessThan(0.1);
    expect((model as unknown as { report: object }).report).toMatchObject({ covariance: "rbf", converged: true });
  });

  it("holds whole groups out: what is known of a group does not count", async () => {
    const { x: inputs, y } = blobs(60, 2);
    // A feature that names the group, and a class that the group alone decides.
    const groups = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 6));
    const data = inputs.data.map((v, at) => (at % 4 === 3 ? (groups[Math.floor(at / 4)] * 7) % 10 : 0 * v));
    const byGroup = { ...y, codes: groups.map((g) => (g % 4 < 2 ? 0 : 1)), labels: ["a", "b"], groups };
    const model = await createSupportVectorClassifier({ ...SET, lengthScale: 0.2 }).fit(
      { ...inputs, data },
      byGroup,
      run(),
    );
    expect(model.outOfBag!.accuracy).toBeLessThan(0.8);
    const { codes } = byGroup;
    const alone = await createSupportVectorClassifier({ ...SET, lengthScale: 0.2 }).fit(
      { ...inputs, data },
      { ...y, codes, labels: ["a", "b"] },
      run(),
    );
    expect(alone.outOfBag!.accuracy).toBe(1);
  });

  it("predicts bit by bit the same from a file, for any thread count, and from planes in single precision", async () => {
    const { x: inputs, y } = blobs(60, 3);
    const learner = createSupportVectorClassifier(SET);
    const model = await learner.fit(inputs, y, run(1, 1));
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as typeof model;
    expect(again.predictSync(inputs)).toEqual(model.predictSync(inputs));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    const other = await learner.fit(inputs, y, run(1, 2));
    expect(JSON.stringify(other)).toBe(JSON.stringify(model));
    const out = new Float32Array(60 * 3);
    model.predictPlanes(planesOf(inputs), 60, out);
    expect(out).toEqual(Float32Array.from(model.predictSync(inputs).probabilities.data));
    expect(() => model.predictPlanes(planesOf(inputs).slice(1), 60, out)).toThrow(/takes 4 planes, got 3/);
  });

  it("comes back from its stored form as the same learner; damaged models are refused", async () => {
    const learner = createSupportVectorClassifier({ ...SET, classWeights: "balanced", covariance: "matern52" });
    expect(readClassifier(JSON.parse(JSON.stringify(learner.toJSON()))).toJSON()).toEqual(learner.toJSON());
    const { x: inputs, y } = blobs(30, 3);
    const stored = storedOf(await learner.fit(inputs, y, run()));
    for (const supportVectors of [{}, { ...stored.state["supportVectors"], lengthScale: 0 }]) {
      const damaged = { ...stored, state: { ...stored.state, supportVectors } };
      await expect(reader.read(damaged, reader)).rejects.toMatchObject({ code: "FORMAT" });
    }
    const model = await learner.fit(inputs, y, run());
    expect(() => exportOnnx(model)).toThrow(/supportVectors.*train a forest, boosting or logistic/);
  });

  it("gives a class without rows no chance, a class of one row some; takes constant features and few rows", async () => {
    const { x: inputs } = blobs(20, 5);
    const codes = Array.from({ length: 20 }, (_, i) => (i === 0 ? 2 : inputs.data[i * 4] > 0.5 ? 3 : 0));
    const y = { ...classes(codes), labels: ["a", "b", "c", "d"] };
    const { probabilities } = (await createSupportVectorClassifier(SET).fit(inputs, y, run())).predictSync(inputs);
    for (let i = 0; i < 20; i++) {
      const row = probabilities.data.slice(i * 4, i * 4 + 4);
      expect(row[1]).toBe(0);
      expect(row[2]).toBeGreaterThan(0);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }
    const flat = features(6, 2, new Array<number>(12).fill(3));
    const even = await createSupportVectorClassifier().fit(flat, classes([0, 1, 0, 1, 0, 1]), run());
    expect(even.predictSync(flat).probabilities.data.every((p) => p > 0.2 && p < 0.8)).toBe(true);
  });

  it("weights move the border", async () => {
    const { x: inputs, y } = blobs(40, 6, 2);
    const heavy = Float64Array.from(y.codes, (code) => (code === 0 ? 10 : 1));
    const learner = createSupportVectorClassifier({ lengthScale: 3, penalty: 0.3, folds: 3 });
    const shareOf = async (weights?: Float64Array): Promise<number> => {
      const { probabilities } = (await learner.fit(inputs, { ...y, weights }, run())).predictSync(inputs);
      return probabilities.data.reduce((sum, p, at) => sum + (at % 2 === 0 ? p / 40 : 0), 0);
    };
    expect(await shareOf(heavy)).toBeGreaterThan((await shareOf()) + 0.2);
  });

  it("refuses missing values by name, one class, two groups, too many rows and options outside their range", async () => {
    const { x: inputs, y } = blobs(20, 5);
    const learner = createSupportVectorClassifier(SET);
    const holed = { ...inputs, data: inputs.data.map((v, at) => (at === 5 ? Number.NaN : v)) };
    await expect(learner.fit(holed, y, run())).rejects.toThrow(/feature "x1" is missing in row 1/);
    await expect(learner.fit(inputs, { ...y, codes: new Int32Array(20) }, run())).rejects.toThrow(/at least 2 classes/);
    const groups = Int32Array.from({ length: 20 }, (_, i) => i % 2);
    await expect(learner.fit(inputs, { ...y, groups }, run())).rejects.toThrow(/2 groups of rows are too few/);
    const many = { ...y, codes: Int32Array.from({ length: 5001 }, (_, i) => i % 2) };
    await expect(learner.fit(features(5001, 1, new Float64Array(5001)), many, run())).rejects.toThrow(/at most 5000/);
    expect(() => createSupportVectorClassifier({ penalty: 0 })).toThrow(/penalty must be/);
    expect(() => createSupportVectorClassifier({ lengthScale: -1 })).toThrow(/lengthScale must be/);
    expect(() => createSupportVectorClassifier({ folds: 2 })).toThrow(/folds must be/);
    expect(() => createSupportVectorClassifier({ covariance: "cubic" as "rbf" })).toThrow(/covariance must be/);
  });
});
