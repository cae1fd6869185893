import { createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { checkGradient, normalCdf } from "@materiome/core/numerics";
import { expect, test } from "vitest";
import type { Acquisition, DifferentiableAcquisition } from "../../src/acquisition/acquisition.ts";
import { onLogScale, sumOfLogs } from "../../src/acquisition/combine.ts";
import { logExpectedImprovement } from "../../src/acquisition/expectedImprovement.ts";
import { logKnowledgeGradient } from "../../src/acquisition/knowledgeGradient.ts";
import { lipschitzOf, localPenalty } from "../../src/acquisition/localPenalty.ts";
import { maxValueEntropy, sampleMaxima } from "../../src/acquisition/maxValueEntropy.ts";
import { logIntervalProbability, specProbability } from "../../src/acquisition/specProbability.ts";
import { thompsonSample } from "../../src/acquisition/thompsonSample.ts";
import { upperConfidenceBound } from "../../src/acquisition/upperConfidenceBound.ts";
import { exactProcess } from "../exactProcess.ts";

const features = ["a", "b"].map((name) => ({ name, unit: "", source: [name] }));

function matrix(rows: readonly (readonly number[])[]): FeatureMatrix {
  return { ...createMatrix(rows.length, 2, Float64Array.from(rows.flat())), features };
}

const tried = matrix([
  [0.1, 0.2],
  [0.8, 0.3],
  [0.5, 0.9],
  [0.3, 0.6],
]);
const grid = matrix(Array.from({ length: 36 }, (_, i) => [(i % 6) / 5, Math.floor(i / 6) / 5]));

function fitted(noise = 0.1) {
  const values = createMatrix(4, 1, Float64Array.of(1, 3, 2.5, 0.2));
  return exactProcess({ noise }).fit(tried, { kind: "regression", values, units: [""] }, { random: createRandom(1) });
}

function largestError(acquisition: Acquisition, at: readonly number[]): number {
  return checkGradient((x, slope) => {
    const point = createMatrix(1, 2, Float64Array.from(x));
    const { value, gradient } = (acquisition as DifferentiableAcquisition).gradient(point);
    slope.set(gradient.data);
    expect(acquisition.value(point)[0]).toBeCloseTo(value[0], 6);
    return value[0];
  }, at).largestError;
}

test("every gradient is that of differences", async () => {
  const model = await fitted();
  const maxima = sampleMaxima(model, grid, 8, 3, createRandom(4));
  const pending = matrix([[0.9, 0.8]]);
  const all: readonly Acquisition[] = [
    upperConfidenceBound(model, 2),
    specProbability(model, { low: 2.7, high: 3.1 }),
    specProbability(model, { low: 30, noiseVariance: 0.1 }),
    maxValueEntropy(model, maxima),
    logKnowledgeGradient(model, { candidates: tried, noiseVariance: 0.05 }),
    logKnowledgeGradient(model, { candidates: pending }),
    localPenalty(model, pending, 3, 4),
    onLogScale(upperConfidenceBound(model), 3, 1),
    sumOfLogs([logExpectedImprovement(model, 3), localPenalty(model, pending, 3, 4)]),
  ];
  for (const acquisition of all) {
    for (const at of [
      [0.62, 0.41],
      [0.95, 0.1],
    ]) {
      expect(largestError(acquisition, at), acquisition.name).toBeLessThan(1e-5);
    }
  }
});

test("probability of an interval keeps its digits in both tails", () => {
  expect(logIntervalProbability(-1, 2)).toBeCloseTo(Math.log(normalCdf(2) - normalCdf(-1)), 14);
  // scipy 1.10: log of norm.sf(10) − norm.sf(11), from logsf
  expect(logIntervalProbability(10, 11)).toBeCloseTo(-53.23131, 4);
  expect(logIntervalProbability(-11, -10)).toBe(logIntervalProbability(10, 11));
  expect(logIntervalProbability(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBeCloseTo(0, 15);
  expect(logIntervalProbability(40, 50)).toBeCloseTo(-804.60844, 4);
});

test("the knowledge gradient is the mean rise over many imagined measurements", async () => {
  const model = await fitted();
  const noiseVariance = 0.05;
  const x = matrix([[0.65, 0.45]]);
  const value = logKnowledgeGradient(model, { candidates: tried, noiseVariance }).value(x)[0];
  const all = { ...createMatrix(5, 2, Float64Array.of(...tried.data, ...x.data)), features };
  const { mean, covariance } = model.posterior(all);
  const total = Math.sqrt(covariance.data[24] + noiseVariance);
  const random = createRandom(8);
  const before = Math.max(...mean);
  let sum = 0;
  for (let i = 0; i < 100_000; i++) {
    const z = random.normal();
    sum += Math.max(...mean.map((m, j) => m + (covariance.data[20 + j] / total) * z)) - before;
  }
  expect(Math.abs(Math.exp(value) / (sum / 100_000) - 1)).toBeLessThan(0.02);
});

test("max-value entropy is the drop of entropy when a normal is cut off at the maximum", async () => {
  const model = await fitted();
  const x = matrix([[0.65, 0.45]]);
  const { mean, variance } = model.meanVarianceGradient(x);
  const std = Math.sqrt(variance[0]);
  const largest = mean[0] + 0.7 * std;
  // Entropy of the truncated normal by quadrature.
  let mass = 0;
  let entropy = 0;
  const n = 200_000;
  const step = 10.7 / n;
  for (let i = 0; i < n; i++) {
    const z = -10 + (i + 0.5) * step;
    const p = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) / normalCdf(0.7);
    mass += p * step;
    entropy -= p * Math.log(p) * step;
  }
  expect(mass).toBeCloseTo(1, 6);
  const drop = 0.5 * Math.log(2 * Math.PI * Math.E) - entropy;
  expect(maxValueEntropy(model, Float64Array.of(largest)).value(x)[0]).toBeCloseTo(drop, 6);
});

test("Thompson sampling takes each candidate about as often as it is the best", async () => {
  const model = await fitted();
  const few = matrix([
    [0.8, 0.3],
    [0.9, 0.6],
    [0.1, 0.2],
  ]);
  const counts = [0, 0, 0];
  for (let s = 0; s < 600; s++) counts[thompsonSample(model, few, 1, createRandom(s))[0]] += 1;
  const draws = model.samplePosterior(few, 20_000, createRandom(1)).data;
  const wins = [0, 0, 0];
  for (let i = 0; i < 20_000; i++) {
    const row = [...draws.subarray(3 * i, 3 * i + 3)];
    wins[row.indexOf(Math.max(...row))] += 1 / 20_000;
  }
  for (const j of [0, 1, 2]) expect(Math.abs(counts[j] / 600 - wins[j])).toBeLessThan(0.07);
  expect(new Set(thompsonSample(model, few, 3, createRandom(3))).size).toBe(3);
  expect(thompsonSample(model, few, 9, createRandom(3))).toHaveLength(3);
});

test("the local penalty excludes the surroundings of a pending point and leaves the rest", async () => {
  const model = await fitted();
  const pending = matrix([[0.5, 0.3]]);
  const lipschitz = lipschitzOf(model, grid);
  expect(lipschitz).toBeGreaterThan(1);
  const penalty = localPenalty(model, pending, 3.2, lipschitz);
  const [near, far] = penalty.value(
    matrix([
      [0.51, 0.31],
      [0.02, 0.98],
    ]),
  );
  expect(near).toBeLessThan(-0.5);
  expect(far).toBeGreaterThan(-0.05);
});

test("what is no logarithm is not multiplied with", async () => {
  const model = await fitted();
  expect(() => sumOfLogs([upperConfidenceBound(model), upperConfidenceBound(model)])).toThrow(/onLogScale/);
  expect(() => specProbability(model, { low: 3, high: 2 })).toThrow(/low must be below high/);
  expect(() => upperConfidenceBound(model, -1)).toThrow(/beta/);
  expect(() => maxValueEntropy(model, new Float64Array(0))).toThrow(/at least one/);
});
