import { closeWorkers, createMatrix, createRandom, type Prediction, type Regressor, takeRows } from "@materiome/core";
import {
  type ConformalOptions,
  createConformal,
  createRandomForest,
  createRidge,
  crossValidate,
  groupKFold,
  kFold,
  reader,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { conformalQuantile, leastUnits } from "../../src/uncertainty/conformalBounds.ts";
import { features, smooth, targets } from "../data.ts";

afterAll(closeWorkers);

const run = { random: createRandom(1), threads: 1 };

/** A learner made of a rule: training targets → prediction of a row of features. */
function ruled(
  predict: (y: Float64Array, row: Float64Array) => { mean: number; std?: number; half?: number },
): Regressor {
  const module = import.meta.url;
  return {
    supports: new Set(),
    module,
    toJSON: () => ({ type: "test/ruled", version: 1, params: null, state: null }),
    fit: async (_x, y) => ({
      module,
      toJSON: () => ({ type: "test/ruled-model", version: 1, params: null, state: null }),
      predict: async (x): Promise<Prediction> => {
        const each = Array.from({ length: x.rows }, (_, i) =>
          predict(y.values.data, x.data.subarray(i * x.columns, (i + 1) * x.columns)),
        );
        const column = (of: (i: number) => number) =>
          createMatrix(
            x.rows,
            1,
            Float64Array.from(each, (_, i) => of(i)),
          );
        const { std, half } = each[0] ?? {};
        return {
          kind: "regression",
          mean: column((i) => each[i].mean),
          std: std === undefined ? undefined : column((i) => each[i].std!),
          ...(half === undefined
            ? {}
            : {
                lower: column((i) => each[i].mean - each[i].half!),
                upper: column((i) => each[i].mean + each[i].half!),
                level: 0.9,
              }),
        };
      },
    }),
  };
}

const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const zero = ruled(() => ({ mean: 0 }));
const average = ruled((y) => ({ mean: meanOf(y) }));
const dull = (n: number) =>
  features(
    n,
    1,
    Array.from({ length: n }, (_, i) => i),
  );

async function interval(learner: Regressor, y: readonly number[], options: ConformalOptions): Promise<number[]> {
  const model = await createConformal(learner, options).fit(dull(y.length), targets(y), run);
  const { lower, upper } = await model.predict(dull(1));
  return [lower!.data[0], upper!.data[0]];
}

describe("conformalQuantile", () => {
  it("is the ⌈level (n + 1)⌉-th smallest, ∞ where n is too small", () => {
    const values = Float64Array.of(5, 1, 4, 2, 3, 9, 8, 7, 6);
    const ones = values.map(() => 1);
    expect(conformalQuantile(values, ones, 9, 0.9)).toBe(9);
    expect(conformalQuantile(values, ones, 9, 0.8)).toBe(8);
    expect(conformalQuantile(values, ones, 9, 0.71)).toBe(8);
    expect(conformalQuantile(values, ones, 9, 0.91)).toBe(Number.POSITIVE_INFINITY);
    expect([0.5, 0.8, 0.9, 0.95, 0.99].map(leastUnits)).toEqual([1, 4, 9, 19, 99]);
    for (let n = 1; n < 60; n++) {
      // Exact fractions: rounding of level · (n + 1) must not ask for one more.
      for (let k = 1; k <= n; k++) {
        const many = Float64Array.from({ length: n }, (_, i) => i + 1);
        if (k % 13 === 0 || k === n)
          expect(
            conformalQuantile(
              many,
              many.map(() => 1),
              n,
              k / (n + 1),
            ),
          ).toBe(k);
      }
    }
  });

  it("counts a group once, however many rows it has", () => {
    // Groups {1, 2, 3}, {4}, {5}: level 0.5 of 3 groups needs a weight of 2: 1 + 1 at value 4.
    const third = 1 / 3;
    expect(conformalQuantile(Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(third, third, third, 1, 1), 3, 0.5)).toBe(
      4,
    );
  });
});

describe("createConformal by hand", () => {
  const y = [3, -1, 4, -1.5, 5, -9, 2, -6, 5.5, -3.5];

  it("split: the order statistic of the errors of the rows held out", async () => {
    const model = await createConformal(zero, { method: "split", calibrationShare: 0.45, level: 0.75 }).fit(
      dull(10),
      targets(y),
      run,
    );
    const errors = y
      .filter((_, i) => Number.isFinite(model.heldOut.mean[i]))
      .map(Math.abs)
      .sort((a, b) => a - b);
    expect(errors).toHaveLength(5);
    const { lower, upper, level } = await model.predict(dull(1));
    expect([lower!.data[0], upper!.data[0], level]).toEqual([-errors[4], errors[4], 0.75]); // ⌈0.75 · 6⌉ = 5
  });

  it("jackknife+ and CV+: eqs. 1.4 and 1.8 of Barber et al., the lower bound the ⌊α (n + 1)⌋-th smallest", async () => {
    for (const level of [0.6, 0.75, 0.9]) {
      const sum = y.reduce((a, b) => a + b, 0);
      const left = y.map((value) => (sum - value) / 9);
      const residual = y.map((value, i) => Math.abs(value - left[i]));
      const low = left.map((m, i) => m - residual[i]).sort((a, b) => a - b);
      const high = left.map((m, i) => m + residual[i]).sort((a, b) => a - b);
      const [lower, upper] = await interval(average, y, { method: "jackknife+", level });
      expect(lower).toBeCloseTo(low[Math.floor((1 - level) * 11 + 1e-9) - 1], 12);
      expect(upper).toBeCloseTo(high[Math.ceil(level * 11 - 1e-9) - 1], 12);
    }
    const folded = await createConformal(average, { folds: 5 }).fit(dull(10), targets(y), run);
    const { mean, lower, upper } = await folded.predict(dull(1));
    expect(mean.data[0]).toBeCloseTo(meanOf(y), 12);
    const held = folded.heldOut.mean;
    expect(new Set(held).size).toBe(5);
    const residual = y.map((value, i) => Math.abs(value - held[i]));
    expect(upper!.data[0]).toBeCloseTo(y.map((_, i) => held[i] + residual[i]).sort((a, b) => b - a)[0], 12);
    expect(lower!.data[0]).toBeCloseTo(y.map((_, i) => held[i] - residual[i]).sort((a, b) => a - b)[0], 12);
  });

  it("normalised: in standard deviations of the learner; quantiles: moved out, or in", async () => {
    const wide = ruled((_, [x]) => ({ mean: 0, std: 1 + x }));
    const x = features(
      10,
      1,
      Array.from({ length: 10 }, (_, i) => i),
    );
    const errors = Array.from({ length: 10 }, (_, i) => (i + 1) * (1 + i / 10)); // std times 1.0 … 1.9
    const normalised = await createConformal(wide, { score: "normalised", method: "jackknife+" }).fit(
      x,
      targets(errors),
      run,
    );
    const { upper } = await normalised.predict(features(2, 1, [0, 99]));
    expect(upper!.data[0]).toBeCloseTo(1.9, 12);
    expect(upper!.data[1]).toBeCloseTo(190, 10);
    const quantile = async (half: number, level = 0.9): Promise<number[]> =>
      interval(
        ruled(() => ({ mean: 0, half })),
        y,
        { score: "quantile", level },
      );
    expect(await quantile(4)).toEqual([-9, 9]);
    expect(await quantile(50)).toEqual([-9, 9]);
    const far = y.map((value) => value / 100); // quantiles drawn in beyond each other would leave nothing
    const [low, high] = await interval(
      ruled(() => ({ mean: 1, half: -2 })),
      far,
      { score: "quantile" },
    );
    expect(low).toBeLessThanOrEqual(high);
    await expect(quantile(4, 0.8)).rejects.toThrow(/no quantiles of level 0.8/);
  });

  it("classes: each by its own rows, by value or between cuts", async () => {
    const x = features(
      20,
      1,
      Array.from({ length: 20 }, (_, i) => i % 2),
    );
    const errors = targets(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 10) * (1 + i / 100)));
    const model = await createConformal(zero, { by: "x0", folds: 5 }).fit(x, errors, run);
    const { upper } = await model.predict(features(2, 1, [0, 1]));
    expect(Array.from(upper!.data)).toEqual([1.18, 10 * 1.19]);
    expect(model.report).toEqual([
      { class: "x0 = 0", units: 10, rows: 10 },
      { class: "x0 = 1", units: 10, rows: 10 },
    ]);
    await expect(model.predict(features(1, 1, [2]))).rejects.toThrow(
      /class x0 = 2, of which no row was calibrated; known: x0 = 0, x0 = 1/,
    );
    const cut = await createConformal(zero, { by: "x0", edges: [0.5] }).fit(x, errors, run);
    expect(Array.from((await cut.predict(features(3, 1, [-3, 0.5, 99]))).upper!.data)).toEqual([
      1.18,
      10 * 1.19,
      10 * 1.19,
    ]);
    const rare = features(
      20,
      1,
      Array.from({ length: 20 }, (_, i) => (i < 4 ? 1 : 0)),
    );
    await expect(createConformal(zero, { by: "x0" }).fit(rare, errors, run)).rejects.toThrow(
      /class x0 = 1 has 4 calibration rows; intervals of level 0.9 need at least 9/,
    );
    await expect(cut.predict(features(2, 1, [0, Number.NaN]))).rejects.toThrow(
      /feature "x0", which tells the class that row 1 is calibrated with, is missing/,
    );
    await expect(createConformal(zero, { by: "T" }).fit(x, errors, run)).rejects.toThrow(
      /no feature "T" to calibrate by/,
    );
  });

  it("says how many rows or groups are needed, and refuses what it cannot do", async () => {
    await expect(interval(zero, y.slice(0, 8), {})).rejects.toThrow(
      /8 calibration rows are too few.*at least 9 are needed: lower the level to 0.88/,
    );
    expect(await interval(zero, y.slice(0, 8), { level: 0.88 })).toEqual([-9, 9]);
    await expect(interval(zero, y, { method: "split" })).rejects.toThrow(
      /3 calibration rows are too few.*raise calibrationShare/,
    );
    const groups = Int32Array.from({ length: 10 }, (_, i) => i >> 1);
    await expect(createConformal(zero).fit(dull(10), targets(y, { groups }), run)).rejects.toThrow(
      /5 calibration groups are too few/,
    );
    await expect(interval(zero, y, { score: "normalised" })).rejects.toThrow(/gives no standard deviation/);
    await expect(
      interval(
        ruled(() => ({ mean: 0, std: 0 })),
        y,
        { score: "normalised" },
      ),
    ).rejects.toThrow(/standard deviation of row 0 is 0/);
    for (const bad of [
      { level: 1 },
      { folds: 1 },
      { calibrationShare: 0 },
      { edges: [1] },
      { by: "a", edges: [2, 1] },
    ]) {
      expect(() => createConformal(zero, bad)).toThrow(/createConformal: \w+ must be/);
    }
    const model = await createConformal(zero, {}).fit(dull(10), targets(y), run);
    expect(() => model.predictSync(dull(1))).toThrow(/only with a promise/);
  });

  it("takes more features than rows, constant and repeated ones, and outliers", async () => {
    const wide = smooth(12, 30, 5);
    const data = wide.x.data.map((v, at) => (at % 30 === 1 ? 3 : at % 30 === 2 ? wide.x.data[at - 2] : v));
    const values = wide.y.values.data.map((v, i) => (i === 4 ? 1e6 : v));
    const model = await createConformal(createRidge()).fit(
      { ...wide.x, data },
      { ...wide.y, values: createMatrix(12, 1, values) },
      run,
    );
    const { lower, upper } = await model.predict(takeRows({ ...wide.x, data }, [0, 1]));
    expect(upper!.data[0] - lower!.data[0]).toBeGreaterThan(1e5);
  });
});

/** Share of new rows covered over many fits. */
async function coverage(
  trials: number,
  n: number,
  draw: (random: ReturnType<typeof createRandom>) => readonly [x: number, y: number],
  learner: Regressor,
  options: ConformalOptions,
  isCounted: (x: number) => boolean = () => true,
): Promise<number> {
  let [covered, counted] = [0, 0];
  for (let t = 0; t < trials; t++) {
    const random = createRandom(t);
    const rows = Array.from({ length: n }, () => draw(random));
    const x = features(
      n,
      1,
      rows.map(([value]) => value),
    );
    const model = await createConformal(learner, options).fit(x, targets(rows.map(([, y]) => y)), {
      random,
      threads: 1,
    });
    const fresh = Array.from({ length: 4 }, () => draw(random)).filter(([value]) => isCounted(value));
    if (fresh.length === 0) continue;
    const { lower, upper } = await model.predict(
      features(
        fresh.length,
        1,
        fresh.map(([value]) => value),
      ),
    );
    for (const [i, [, y]] of fresh.entries()) if (lower!.data[i] <= y && y <= upper!.data[i]) covered++;
    counted += fresh.length;
  }
  return covered / counted;
}

describe("coverage of conformal intervals", () => {
  // Skewed, heavy-tailed, and no learner here is right about it.
  const skewed = (random: ReturnType<typeof createRandom>): readonly [number, number] => {
    const x = random.next() < 0.5 ? 0 : 1;
    return [x, Math.exp(random.normal()) * (1 + 4 * x)];
  };

  it("split: just the level asked for where level (n + 1) is whole", async () => {
    // 19 calibration rows, level 0.9: 0.9 on the average. Standard deviation of 600 trials of 4 rows: about 0.8 %.
    const found = await coverage(600, 21, skewed, zero, { method: "split", calibrationShare: 0.9 });
    expect(Math.abs(found - 0.9)).toBeLessThan(0.025);
  });

  it("jackknife+, CV+, normalised and quantile: near the level, never below 1 − 2 α", async () => {
    const noisy = ruled((y, [x]) => ({ mean: meanOf(y) * (0.5 + x), std: 1 + x, half: 1 }));
    for (const options of [
      { method: "jackknife+" },
      { method: "cv+", folds: 5 },
      { score: "normalised", folds: 4 },
      { score: "quantile", folds: 4 },
    ] satisfies ConformalOptions[]) {
      const found = await coverage(150, 29, skewed, noisy, options);
      expect(found, JSON.stringify(options)).toBeGreaterThan(0.87);
      expect(found, JSON.stringify(options)).toBeLessThan(0.96);
    }
  });

  it("by class: each covered as asked, while all together cover the hard class too seldom", async () => {
    const isHard = (x: number): boolean => x === 1;
    const options = { method: "split", calibrationShare: 0.8, level: 0.8 } as const;
    expect(await coverage(300, 60, skewed, zero, options, isHard)).toBeLessThan(0.75);
    const apart = await coverage(300, 60, skewed, zero, { ...options, by: "x0" }, isHard);
    expect(apart).toBeGreaterThan(0.77);
    expect(apart).toBeLessThan(0.87);
  });

  it("groups: rows of a new heat are covered, which rows drawn singly would not promise", async () => {
    let [grouped, single] = [0, 0];
    const trials = 300;
    const sizes = Array.from({ length: 12 }, (_, g) => (g === 0 ? 60 : 1)); // one heat was measured over and over
    const groups = Int32Array.from(sizes.flatMap((size, g) => new Array<number>(size).fill(g)));
    for (let t = 0; t < trials; t++) {
      const random = createRandom(t);
      const heat = sizes.map(() => 3 * random.normal());
      const y = targets(Float64Array.from(groups, (g) => heat[g] + 0.3 * random.normal()));
      const fresh = 3 * random.normal() + 0.3 * random.normal();
      for (const given of [groups, undefined]) {
        const learner = createConformal(zero, { method: "cv+", folds: 4, level: 0.9 });
        const { upper } = await (
          await learner.fit(dull(groups.length), { ...y, groups: given }, { random, threads: 1 })
        ).predict(dull(1));
        if (Math.abs(fresh) <= upper!.data[0]) given === undefined ? single++ : grouped++;
      }
    }
    // At least 0.9; 12 groups give 12/13. Standard deviation 1.7 %.
    expect(grouped / trials).toBeGreaterThan(0.87);
    expect(single / trials).toBeLessThan(0.75);
  });

  it("holds for ridge and forest in a cross-validation, in threads too, and is scored at its own level only", async () => {
    const { x, y } = smooth(120, 3, 7);
    const groups = Int32Array.from({ length: 120 }, (_, i) => i >> 1);
    for (const learner of [
      createConformal(createRidge(), { folds: 4 }),
      createConformal(createRandomForest({ nTrees: 8 }), { method: "split", score: "normalised" }),
    ]) {
      const one = await crossValidate(learner, x, { ...y, groups }, groupKFold(3), run);
      expect(one.scores.coverage).toBeGreaterThan(0.83);
      expect(one.scores.coverage).toBeLessThan(0.97);
      expect(one.details.distribution).toBeNull();
      const two = await crossValidate(learner, x, { ...y, groups }, groupKFold(3), { ...run, threads: 2 });
      expect(two.scores).toEqual(one.scores);
    }
    await expect(crossValidate(createConformal(createRidge()), x, y, kFold(3), run, { level: 0.8 })).rejects.toThrow(
      /gives intervals of level 0.9 and no distribution, so level 0.8 cannot be scored/,
    );
  });

  it("is read back inside a conformal model of another level, and refuses damaged scores", async () => {
    const { x, y } = smooth(40, 3, 7);
    const nested = createConformal(createConformal(createRidge(), { folds: 3 }), {
      method: "split",
      calibrationShare: 0.4,
      level: 0.8,
    });
    const model = await nested.fit(x, y, run);
    const stored = JSON.parse(JSON.stringify(model));
    const again = (await reader.read(stored, reader)) as unknown as typeof model;
    expect(again.predictSync(x)).toEqual(model.predictSync(x));
    stored.state.calibrated[0].member = { ...stored.state.calibrated[0].member, data: "AAAA" };
    await expect(reader.read(stored, reader)).rejects.toMatchObject({ code: "FORMAT" });
  });
});
