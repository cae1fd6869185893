import { readFileSync } from "node:fs";
import { createMatrix, createRandom, type PredictiveDistribution } from "@materiome/core";
import { normalCdf, normalPdf, normalQuantile, studentCdf, studentQuantile } from "@materiome/core/numerics";
import {
  areaUnderRoc,
  calibrationCurve,
  classificationMetrics,
  continuousRankedScore,
  coverageByRegion,
  createRandomForest,
  createRidge,
  crossValidate,
  groupKFold,
  kFold,
  regressionMetrics,
} from "@materiome/forward";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { residualDistribution } from "../../src/uncertainty/residualDistribution.ts";
import { features, smooth, targets } from "../data.ts";

interface Fixture {
  readonly regression: { actual: number[]; predicted: number[]; expected: Record<string, number> };
  readonly classification: {
    k: number;
    codes: number[];
    probabilities: number[];
    expected: Record<string, number>;
    f1: number[];
    confusion: number[];
  }[];
  readonly crps: { student5: { value: number; expected: number }[] };
}
const path = new URL("../fixtures/validation/metrics.json", import.meta.url);
const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;

describe("regressionMetrics", () => {
  it("agrees with scikit-learn and SciPy to 1e-12, ties in the ranks included", () => {
    const { actual, predicted, expected } = fixture.regression;
    const found = regressionMetrics(actual, predicted) as unknown as Record<string, number>;
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs(found[name] - value), name).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
    }
  });

  it("gives no correlation of a constant, takes one row, refuses none and gaps", () => {
    expect(regressionMetrics([1, 2], [3, 3])).toMatchObject({ pearson: null, spearman: null, bias: 1.5 });
    expect(regressionMetrics([4], [6])).toMatchObject({ n: 1, mae: 2, medianAbsoluteError: 2, r2: null });
    expect(regressionMetrics([1, 2, 3], [10, 20, 30])).toMatchObject({ pearson: 1, spearman: 1 });
    const tiny = [1e-200, 2e-200, 4e-200, 3e-200];
    expect(regressionMetrics(tiny, [1, 2, 3, 4]).pearson).toBeCloseTo(0.8, 12);
    expect(() => regressionMetrics([], [])).toThrow(/at least one row/);
    expect(() => regressionMetrics([1], [Number.NaN])).toThrow(/finite/);
    expect(() => regressionMetrics([1], [1, 2])).toThrow(/1 measured but 2 predicted/);
  });
});

describe("classificationMetrics", () => {
  it.each(fixture.classification)("agrees with scikit-learn to 1e-12: $k classes", (data) => {
    const { k, codes, probabilities, expected, f1, confusion } = data;
    const labels = Array.from({ length: k }, (_, c) => `c${c}`);
    const p = createMatrix(codes.length, k, Float64Array.from(probabilities));
    const found = classificationMetrics(p, codes, labels);
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs((found as unknown as Record<string, number>)[name] - value), name).toBeLessThan(1e-12);
    }
    for (const [c, value] of f1.entries()) expect(found.classes[c].f1).toBeCloseTo(value, 12);
    expect(Array.from(found.confusion.data)).toEqual(confusion);
  });

  it("says null of classes that do not occur, ∞ of a truth held impossible", () => {
    const p = createMatrix(2, 3, Float64Array.of(1, 0, 0, 0.3, 0.7, 0));
    const found = classificationMetrics(p, [0, 0], ["a", "b", "c"]);
    expect(found).toMatchObject({ accuracy: 0.5, balancedAccuracy: 0.5, rocAuc: null });
    expect(found.classes[1]).toMatchObject({ n: 0, recall: null, precision: 0, f1: 0 });
    expect(found.classes[2]).toMatchObject({ f1: null, precision: null });
    expect(classificationMetrics(p, [1, 1], ["a", "b", "c"]).logLoss).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses what are no probabilities", () => {
    const refuse = (data: number[], codes: number[], message: RegExp): void =>
      expect(() => classificationMetrics(createMatrix(1, 2, Float64Array.from(data)), codes, ["a", "b"])).toThrow(
        message,
      );
    refuse([0.6, 0.6], [0], /sum to 1.2/);
    refuse([-0.2, 1.2], [0], /outside 0 … 1/);
    refuse([0.5, 0.5], [2], /class of row 0 is 2/);
    refuse([0.5, 0.5], [0, 1], /2 codes/);
  });

  it("areaUnderRoc is the share of pairs in order", () => {
    expect(areaUnderRoc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(areaUnderRoc([1, 1, 1], [0, 1, 1])).toBe(0.5);
    expect(areaUnderRoc([1, 2], [1, 1])).toBeNull();
    expect(() => areaUnderRoc([1, 2], [1])).toThrow(/2 scores but 1 marks/);
    expect(() => areaUnderRoc([1, Number.NaN], [1, 0])).toThrow(/row 1 is no number/);
  });
});

const normal: PredictiveDistribution = {
  cdf: (row, _t, value) => normalCdf((value - row) / 2),
  quantile: (row, _t, p) => row + 2 * normalQuantile(p),
};

describe("continuousRankedScore", () => {
  it("of a normal distribution is the closed form (Gneiting & Raftery, eq. 21) to 1e-6", () => {
    for (const z of [-8, -3, -0.2, 0, 1, 2.5, 6]) {
      const expected = 2 * (z * (2 * normalCdf(z) - 1) + 2 * normalPdf(z) - 1 / Math.sqrt(Math.PI));
      expect(Math.abs(continuousRankedScore(normal, 3, 3 + 2 * z) - expected), `z = ${z}`).toBeLessThan(1e-6);
    }
  });

  it("of Student's t agrees with quadrature of SciPy over the values to 1e-5", () => {
    const student: PredictiveDistribution = {
      cdf: (_r, _t, value) => studentCdf(value, 5),
      quantile: (_r, _t, p) => studentQuantile(p, 5),
    };
    for (const { value, expected } of fixture.crps.student5) {
      expect(Math.abs(continuousRankedScore(student, 0, value) - expected), `at ${value}`).toBeLessThan(1e-5);
    }
  });

  it("of a measurement far outside is nearly its distance", () => {
    const residuals = residualDistribution(Float64Array.from({ length: 40 }, (_, i) => (i - 19.5) / 10));
    const distribution: PredictiveDistribution = {
      cdf: (_r, _t, value) => residuals.cdf(value),
      quantile: (_r, _t, p) => residuals.quantile(p),
    };
    for (const value of [-1e9, -1e6, -1e4, 1e4, 1e6, 1e9]) {
      const score = continuousRankedScore(distribution, 0, value);
      expect(Math.abs(score / Math.abs(value) - 1), `at ${value}`).toBeLessThan(1e-3);
    }
  });

  it("of a uniform distribution is exact, inside and outside it", () => {
    const uniform: PredictiveDistribution = {
      cdf: (_r, _t, value) => Math.min(1, Math.max(0, value)),
      quantile: (_r, _t, p) => p,
    };
    for (const y of [0, 0.3, 1]) {
      expect(continuousRankedScore(uniform, 0, y)).toBeCloseTo((y ** 3 + (1 - y) ** 3) / 3, 10);
    }
    expect(continuousRankedScore(uniform, 0, 2)).toBeCloseTo(1 + 1 / 3, 10);
    expect(() => continuousRankedScore(uniform, 0, Number.NaN)).toThrow(/measurement of row 0 is NaN/);
  });
});

describe("calibrationCurve", () => {
  it("by hand", () => {
    const { curve, miscalibrationArea, pitHistogram } = calibrationCurve([0.75, 0.25]);
    expect(miscalibrationArea).toBeCloseTo(0.125, 14); // 1/32 + 1/16 + 1/32
    expect(pitHistogram).toEqual([0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
    expect(curve.find(({ stated }) => stated === 0.5)?.observed).toBe(0.5);
    expect(calibrationCurve([1]).miscalibrationArea).toBeCloseTo(0.5, 14);
    expect(calibrationCurve([0.5]).miscalibrationArea).toBeCloseTo(0.25, 14);
  });

  it("is small for honest values and large for those of too narrow a distribution", () => {
    const random = createRandom(3);
    const values = Array.from({ length: 2000 }, () => random.normal());
    expect(calibrationCurve(values.map(normalCdf)).miscalibrationArea).toBeLessThan(0.02);
    const narrow = calibrationCurve(values.map((z) => normalCdf(3 * z)));
    expect(narrow.miscalibrationArea).toBeGreaterThan(0.12);
    expect(narrow.pitHistogram[0]).toBeGreaterThan(500);
  });

  it("has an area between 0 and ½, and refuses what is no probability", () => {
    const pit = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(pit, (values) => {
        const { miscalibrationArea } = calibrationCurve(values);
        expect(miscalibrationArea).toBeGreaterThan(0);
        expect(miscalibrationArea).toBeLessThanOrEqual(0.5 + 1e-12);
      }),
      { seed: 1 },
    );
    expect(() => calibrationCurve([])).toThrow(/at least one row/);
    expect(() => calibrationCurve([1.2])).toThrow(/must lie in 0 … 1, got 1.2/);
  });
});

describe("coverageByRegion", () => {
  it("counts by hand, by third of the width, region and group", () => {
    const actual = Float64Array.of(0, 0, 0, 0, 0, 0);
    const half = [1, 1, 2, 2, 3, 3];
    const centre = [0, 5, 0, 0, 9, 9];
    const rows = {
      actual,
      predicted: Float64Array.from(centre),
      lower: Float64Array.from(centre, (c, i) => c - half[i]),
      upper: Float64Array.from(centre, (c, i) => c + half[i]),
    };
    const groups = Int32Array.of(4, 4, 4, 7, 7, 7);
    const regions = ["Fe", "Fe", "Fe", "Fe", "Ni", "Ni"];
    const found = coverageByRegion(rows, { groups, regions, random: createRandom(1) });
    expect(found.all).toMatchObject({ n: 6, coverage: 0.5, meanWidth: 4 });
    expect(found.byWidth.map(({ n, coverage, meanWidth }) => [n, coverage, meanWidth])).toEqual([
      [2, 0.5, 2],
      [2, 1, 4],
      [2, 0, 6],
    ]);
    expect(found.byRegion.map(({ region, coverage, mae }) => [region, coverage, mae])).toEqual([
      ["Fe", 0.75, 1.25],
      ["Ni", 0, 9],
    ]);
    expect(found.byGroup).toEqual([
      { group: 4, n: 3, coverage: 2 / 3 },
      { group: 7, n: 3, coverage: 1 / 3 },
    ]);
    const alike = coverageByRegion({ ...rows, lower: actual, upper: actual }, { random: createRandom(1) });
    expect(alike.byWidth).toHaveLength(1);
    expect(() =>
      coverageByRegion({ ...rows, lower: actual.map(() => Number.NaN) }, { random: createRandom(1) }),
    ).toThrow(/row 0 has no interval/);
    expect(() => coverageByRegion(rows, { groups: groups.slice(1), random: createRandom(1) })).toThrow(/5 groups/);
  });

  it("has a wider interval of the coverage where groups are covered as a whole", () => {
    const groups = Int32Array.from({ length: 200 }, (_, i) => Math.floor(i / 10));
    const actual = Float64Array.from(groups, (g) => (g % 4 === 0 ? 9 : 0));
    const rows = { actual, predicted: actual, lower: actual.map(() => -1), upper: actual.map(() => 1) };
    const width = (given: Int32Array | undefined): number => {
      const [low, high] = coverageByRegion(rows, { groups: given, random: createRandom(1) }).all.coverageCi;
      return high - low;
    };
    expect(width(groups)).toBeGreaterThan(2.2 * width(undefined)); // √10 in the limit
  });
});

describe("details of crossValidate", () => {
  const { x, y } = smooth(80, 3, 6);
  const groups = Int32Array.from({ length: 80 }, (_, i) => Math.floor(i / 4));
  const run = { random: createRandom(1), threads: 1 };

  it("gives metrics, baselines, calibration and coverage beside the scores", async () => {
    const { scores, details, repeats } = await crossValidate(createRidge(), x, { ...y, groups }, groupKFold(5), run, {
      repeats: 2,
    });
    expect(details.metrics.mae).toBeCloseTo(scores.mae, 12);
    expect(details.metrics.r2).toBeCloseTo(scores.r2, 12);
    expect(details.baselines.median.mae).toBeCloseTo(scores.medianBaselineMae, 12);
    expect(details.baselines.neighbour!.mae).toBeGreaterThan(details.metrics.mae);
    expect(details.distribution!.n).toBe(160);
    expect(details.distribution!.crps).toBeLessThan(details.metrics.mae);
    expect(details.distribution!.miscalibrationArea).toBeLessThan(0.1);
    expect(details.coverage!.all.coverage).toBeCloseTo(scores.coverage!, 12);
    expect(details.coverage!.byWidth.reduce((sum, { n }) => sum + n, 0)).toBe(160);
    expect(details.coverage!.byGroup).toHaveLength(20);
    expect(repeats[0].pit!.every((p) => p > 0 && p < 1)).toBe(true);
  });

  it("takes the nearest row of the training rows, in scaled features, as a baseline", async () => {
    const line = features(6, 2, [0, 5e6, 1, 5e6, 10, 5e6, 11, 5e6, 20, 5e6, 21, 5e6]);
    const { repeats } = await crossValidate(createRidge(), line, targets([0, 1, 10, 11, 20, 21]), kFold(6), run);
    expect(Array.from(repeats[0].neighbourBaseline!)).toEqual([1, 0, 11, 10, 21, 20]);
  });

  it("says null where there are no intervals", async () => {
    const forest = createRandomForest({ nTrees: 5, sampling: "all" });
    const { details } = await crossValidate(forest, x, y, kFold(3), run);
    expect(details).toMatchObject({ distribution: null, coverage: null });
  });
});
