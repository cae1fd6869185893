import { createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { checkGradient } from "@materiome/core/numerics";
import { expect, test } from "vitest";
import type { DifferentiableAcquisition } from "../../src/acquisition/acquisition.ts";
import { expectedImprovement, logExpectedImprovement } from "../../src/acquisition/expectedImprovement.ts";
import { logJointImprovement } from "../../src/acquisition/jointImprovement.ts";
import { logImprovementSlope, logImprovementSpread } from "../../src/acquisition/logImprovement.ts";
import { logPositivePart } from "../../src/pareto/logPositivePart.ts";
import { exactProcess } from "../exactProcess.ts";

const features = ["a", "b"].map((name) => ({ name, unit: "", source: [name] }));

function matrix(rows: readonly (readonly number[])[]): FeatureMatrix {
  return { ...createMatrix(rows.length, 2, Float64Array.from(rows.flat())), features };
}

async function fitted(noise = 1e-3) {
  const x = matrix([
    [0.1, 0.2],
    [0.8, 0.3],
    [0.5, 0.9],
    [0.3, 0.6],
  ]);
  const values = createMatrix(4, 1, Float64Array.of(1, 3, 2.5, 0.2));
  return exactProcess({ noise }).fit(x, { kind: "regression", values, units: [""] }, { random: createRandom(1) });
}

test("slopes of ln h are its differences", () => {
  for (const z of [3, 0, -0.99, -1.01, -7, -300]) {
    const step = 1e-5 * Math.max(1, Math.abs(z));
    const difference = (logPositivePart(z + step) - logPositivePart(z - step)) / (2 * step);
    expect(logImprovementSlope(z) / difference).toBeCloseTo(1, 5);
    // h − z h' = φ: the two slopes are tied to each other.
    expect(logImprovementSpread(z)).toBeCloseTo(1 - z * logImprovementSlope(z), z < -100 ? 1 : 6);
  }
});

test("expected improvement is the mean over draws, and its logarithm agrees with it", async () => {
  const model = await fitted();
  const x = matrix([[0.7, 0.5]]);
  const { mean, variance } = model.meanVarianceGradient(x);
  const random = createRandom(3);
  let sum = 0;
  const n = 200_000;
  for (let i = 0; i < n; i++) sum += Math.max(0, mean[0] + Math.sqrt(variance[0]) * random.normal() - 2.9);
  const value = expectedImprovement(model, 2.9).value(x)[0];
  expect(Math.abs(value / (sum / n) - 1)).toBeLessThan(0.02);
  expect(logExpectedImprovement(model, 2.9).value(x)[0]).toBeCloseTo(Math.log(value), 10);
});

test("gradients are those of differences", async () => {
  const model = await fitted(0.1);
  const pending = matrix([
    [0.75, 0.35],
    [0.2, 0.8],
  ]);
  const incumbents = matrix([
    [0.8, 0.3],
    [0.5, 0.9],
  ]);
  const random = createRandom(5);
  for (const acquisition of [
    expectedImprovement(model, 3),
    logExpectedImprovement(model, 3),
    logJointImprovement(model, { random, pending, best: 3 }),
    logJointImprovement(model, { random, pending, incumbents }),
  ]) {
    expect(largestErrorAt(acquisition, [0.62, 0.41]), acquisition.name).toBeLessThan(1e-5);
  }
});

function largestErrorAt(acquisition: DifferentiableAcquisition, at: readonly number[]): number {
  const objective = (x: Float64Array, slope: Float64Array): number => {
    const { value, gradient } = acquisition.gradient(createMatrix(1, 2, Float64Array.from(x)));
    slope.set(gradient.data);
    expect(acquisition.value(createMatrix(1, 2, Float64Array.from(x)))[0]).toBeCloseTo(value[0], 6);
    return value[0];
  };
  return checkGradient(objective, at).largestError;
}

test("with one pending point the joint expected improvement is the plain one of draws of both", async () => {
  const model = await fitted();
  const pending = matrix([[0.75, 0.4]]);
  const x = matrix([[0.6, 0.55]]);
  const value = logJointImprovement(model, { random: createRandom(2), pending, best: 2.8, draws: 1024 }).value(x)[0];
  const both = { ...createMatrix(2, 2, Float64Array.of(...pending.data, ...x.data)), features };
  const draws = model.samplePosterior(both, 100_000, createRandom(9));
  let sum = 0;
  for (let i = 0; i < draws.rows; i++) sum += Math.max(0, draws.data[2 * i + 1] - Math.max(2.8, draws.data[2 * i]));
  expect(Math.abs(Math.exp(value) / (sum / draws.rows) - 1)).toBeLessThan(0.03);
});

test("with incumbents whose values scatter it is noisy expected improvement", async () => {
  const model = await fitted(0.3);
  const incumbents = matrix([
    [0.8, 0.3],
    [0.5, 0.9],
    [0.3, 0.6],
    [0.1, 0.2],
  ]);
  const x = matrix([[0.65, 0.6]]);
  const value = logJointImprovement(model, { random: createRandom(2), incumbents, draws: 1024 }).value(x)[0];
  const all = { ...createMatrix(5, 2, Float64Array.of(...incumbents.data, ...x.data)), features };
  const draws = model.samplePosterior(all, 100_000, createRandom(9)).data;
  let sum = 0;
  for (let i = 0; i < 100_000; i++) {
    const best = Math.max(...draws.subarray(5 * i, 5 * i + 4));
    sum += Math.max(0, draws[5 * i + 4] - best);
  }
  expect(Math.abs(Math.exp(value) / (sum / 100_000) - 1)).toBeLessThan(0.03);
});
