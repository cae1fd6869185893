import { createMatrix, createRandom, takeRows } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { appendRows } from "../../src/gaussianProcess/appendRows.ts";
import { conditionProcess } from "../../src/gaussianProcess/conditionProcess.ts";
import { informRows } from "../../src/gaussianProcess/informRows.ts";
import { createPosterior } from "../../src/gaussianProcess/posterior.ts";
import { processPredictor } from "../../src/gaussianProcess/processPredictor.ts";
import { COVARIANCES, given, groupsOf, processOf, stateOf, table } from "./processes.ts";

const N = 18;
const { x, y } = table(N);
const fresh = table(7, 11).x;

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(got[i] - expected[i])).toBeLessThan(tolerance * Math.max(1, Math.abs(expected[i])));
  }
}

/** All rows; or some, none of which is of a group left out below or among the rows that come later. */
const CARRIED_BY = { "all rows": undefined, "seven rows": Int32Array.of(11, 2, 3, 5, 8, 9, 12) };
const CASES = Object.entries(COVARIANCES).flatMap(([name, covariance]) =>
  Object.entries(CARRIED_BY).map(([carriers, inducing]) => [name, carriers, covariance, inducing] as const),
);

describe.each(CASES)("posterior with %s, carried by %s", (name, _, covariance, inducing) => {
  const plain = processOf(covariance, x, y);
  const process = { ...plain, data: { ...plain.data, inducing } };
  const state = stateOf(process);
  const posterior = createPosterior(state);
  it("leaves out rows and groups as conditioning on the others does", () => {
    const codes = groupsOf(N);
    const groups = [0, 1, 2].map((code) => Array.from(codes.keys()).filter((i) => codes[i] === code));
    const left = conditionProcess(process.data, process.theta, { mean: 0, scale: 1 }).leaveOut(groups);
    for (const group of inducing === undefined ? groups : groups.slice(0, 2)) {
      const others = Array.from({ length: N }, (_, i) => i).filter((i) => !group.includes(i));
      const expected = createPosterior(stateOf(given(process, others))).meanVariance(takeRows(x, group), true);
      expectClose(
        group.map((i) => left.mean[i]),
        expected.mean,
        1e-9,
      );
      expectClose(
        group.map((i) => left.variance[i]),
        expected.variance,
        1e-9,
      );
    }
  });

  it("goes on from some rows as from all at once", () => {
    const first = Array.from({ length: N - 5 }, (_, i) => i);
    const rest = [13, 14, 15, 16, 17];
    // Further rows are of groups of their own.
    const groups = groupsOf(N).map((group, i) => (i < N - 5 ? group : i));
    const apart = { ...process, data: { ...process.data, groups } };
    const all = stateOf(apart);
    const grown = (inducing === undefined ? appendRows : informRows)(
      stateOf(given(apart, first)),
      takeRows(x, rest),
      Float64Array.from(rest, (i) => y[i]),
    );
    // Of inducing rows that repeat each other the sum of their weights is determined, not each.
    if (inducing === undefined) expectClose(grown.alpha, all.alpha, 1e-9);
    expectClose(grown.lower, all.lower, 1e-10);
    expectClose(grown.information ?? [], all.information ?? [], 1e-9);
    expectClose(
      createPosterior(grown).meanVariance(fresh, false).mean,
      createPosterior(all).meanVariance(fresh, false).mean,
      inducing === undefined ? 1e-10 : 1e-8,
    );
  });

  it("has gradients by the inputs that are those of central differences", () => {
    const { dMean, dVariance, mean, variance } = posterior.gradient(fresh);
    const plain = posterior.meanVariance(fresh, false);
    expectClose(mean, plain.mean, 1e-12);
    expectClose(variance, plain.variance, 1e-12);
    for (let f = 0; f < 6; f++) {
      const h = 1e-5 * process.data.scaling.scale[f];
      const moved = (step: number): typeof fresh => ({
        ...fresh,
        data: fresh.data.map((v, at) => (at % 6 === f ? v + step : v)),
      });
      const [above, below] = [posterior.meanVariance(moved(h), false), posterior.meanVariance(moved(-h), false)];
      for (let i = 0; i < fresh.rows; i++) {
        const scale = process.data.scaling.scale[f];
        const numeric = (a: Float64Array, b: Float64Array): number => (scale * (a[i] - b[i])) / (2 * h);
        expect(Math.abs(scale * dMean.data[i * 6 + f] - numeric(above.mean, below.mean))).toBeLessThan(1e-6);
        expect(Math.abs(scale * dVariance.data[i * 6 + f] - numeric(above.variance, below.variance))).toBeLessThan(
          1e-6,
        );
      }
    }
  });

  it("has a joint covariance whose diagonal is the variance", () => {
    const { mean, covariance: joint } = posterior.joint(fresh);
    const plain = posterior.meanVariance(fresh, false);
    expect(mean).toEqual(plain.mean);
    expectClose(
      Float64Array.from({ length: 7 }, (_, i) => joint.data[i * 8]),
      plain.variance,
      1e-12,
    );
    if (name === "sum")
      expect(posterior.meanVariance(fresh, true).variance[0]).toBeGreaterThan(plain.variance[0] + 0.01);
  });
});

describe("samples of the posterior", () => {
  const predictor = processPredictor(stateOf(processOf(COVARIANCES["sum"]!, x, y)));

  it("have its mean and covariance", () => {
    const few = takeRows(fresh, [0, 1, 2]);
    const { mean, covariance } = predictor.posterior(few);
    const nSamples = 20_000;
    const { data } = predictor.samplePosterior(few, nSamples, createRandom(3));
    const average = (of: (s: number) => number): number =>
      Array.from({ length: nSamples }, (_, s) => of(s)).reduce((sum, v) => sum + v, 0) / nSamples;
    for (let a = 0; a < 3; a++) {
      const spread = Math.sqrt(covariance.data[4 * a]);
      expect(Math.abs(average((s) => data[3 * s + a]) - mean[a])).toBeLessThan((5 * spread) / Math.sqrt(nSamples));
      for (let b = 0; b < 3; b++) {
        const got = average((s) => (data[3 * s + a] - mean[a]) * (data[3 * s + b] - mean[b]));
        const both = Math.sqrt(covariance.data[4 * a] * covariance.data[4 * b]);
        expect(Math.abs(got - covariance.data[3 * a + b])).toBeLessThan((8 * both) / Math.sqrt(nSamples));
      }
    }
  });

  it("are the same for the same seed, and can be drawn at a point given twice", () => {
    const twice = takeRows(fresh, [2, 2]);
    const one = predictor.samplePosterior(twice, 3, createRandom(1)).data;
    expect(predictor.samplePosterior(twice, 3, createRandom(1)).data).toEqual(one);
    expect(one[0]).toBeCloseTo(one[1], 3);
    expect(predictor.samplePosterior(createMatrix(0, 6), 2, createRandom(1)).data.length).toBe(0);
  });
});
