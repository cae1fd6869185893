import { checkGradient } from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseInducing } from "../../src/gaussianProcess/chooseInducing.ts";
import { conditionProcess } from "../../src/gaussianProcess/conditionProcess.ts";
import { createEvidenceBound } from "../../src/gaussianProcess/evidenceBound.ts";
import { createLikelihood } from "../../src/gaussianProcess/likelihood.ts";
import { createPosterior } from "../../src/gaussianProcess/posterior.ts";
import { features } from "../data.ts";
import { COVARIANCES, groupsOf, type Process, processOf, table, UNSCALED } from "./processes.ts";

const N = 25;
const { x, y } = table(N);
const ALL = Int32Array.from({ length: N }, (_, i) => i);
const noiseVariance = Float64Array.from({ length: N }, (_, i) => (i % 4 === 0 ? 0.2 : 0.01));

function withVariances(process: Process): Process {
  return { ...process, data: { ...process.data, noiseVariance } };
}

function expectNear(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  for (let i = 0; i < expected.length; i++) expect(Math.abs(got[i] - expected[i])).toBeLessThan(tolerance);
}

describe("createEvidenceBound", () => {
  it("is the closed form of one inducing row of two", () => {
    const { data } = processOf({ kind: "rbf" }, features(2, 1, [0, 1]), Float64Array.of(0.5, -0.2));
    // [variance, length-scale, noise]: Q = 2 (1, e)ᵀ (1, e), e = exp(−½); K − Q has 2 − 2 e² in its second place.
    const theta = Float64Array.of(Math.log(2), 0, Math.log(0.1));
    const { bound } = createEvidenceBound({ ...data, scaling: UNSCALED(1) }, Int32Array.of(0)).condition(theta);
    const e = Math.exp(-0.5);
    const [a, b, c] = [2.1, 2 * e, 2 * e * e + 0.1];
    const determinant = a * c - b * b;
    const square = (c * 0.25 + 2 * b * 0.1 + a * 0.04) / determinant;
    const normal = -0.5 * square - 0.5 * Math.log(determinant) - Math.log(2 * Math.PI);
    expect(bound).toBeCloseTo(normal - (0.5 * (2 - 2 * e * e)) / 0.1, 6);
  });

  it.each(Object.entries(COVARIANCES))("gradient of %s is that of central differences", (_, covariance) => {
    const { data, theta } = withVariances(processOf(covariance, x, y));
    const evidence = createEvidenceBound(data, chooseInducing(data, theta, 9));
    const objective = (at: Float64Array, gradient: Float64Array): number => {
      gradient.fill(0);
      return evidence.evaluate(at, gradient);
    };
    const { largestError, analytic } = checkGradient(objective, theta);
    expect(largestError).toBeLessThan(2e-6);
    expect(analytic.every((slope) => slope !== 0)).toBe(true);
  });

  it.each(Object.entries(COVARIANCES))("with all rows inducing is the exact process, with %s", (_, covariance) => {
    const { data, theta } = withVariances(processOf(covariance, x, y));
    const exact = conditionProcess(data, theta, { mean: 1, scale: 2 });
    const sparse = conditionProcess({ ...data, inducing: ALL }, theta, { mean: 1, scale: 2 });
    expect(Math.abs(sparse.logLikelihood - exact.logLikelihood)).toBeLessThan(1e-6);
    const fresh = table(6, 11).x;
    const codes = groupsOf(N);
    const groups = [0, 1, 2].map((code) => Array.from(ALL).filter((i) => codes[i] === code));
    const [a, b] = [createPosterior(exact.state), createPosterior(sparse.state)];
    const [one, two] = [a.gradient(fresh), b.gradient(fresh)];
    expectNear(two.mean, one.mean, 1e-6);
    expectNear(two.variance, one.variance, 1e-6);
    expectNear(two.dMean.data, one.dMean.data, 1e-5);
    expectNear(two.dVariance.data, one.dVariance.data, 1e-5);
    expectNear(b.joint(fresh).covariance.data, a.joint(fresh).covariance.data, 1e-6);
    expectNear(b.meanVariance(fresh, true).variance, a.meanVariance(fresh, true).variance, 1e-6);
    expectNear(sparse.leaveOut(groups).mean, exact.leaveOut(groups).mean, 1e-6);
    expectNear(sparse.leaveOut(groups).variance, exact.leaveOut(groups).variance, 1e-6);
  });

  it.each(Object.entries(COVARIANCES))("bounds the likelihood from below, with %s", (_, covariance) => {
    const { data, theta: middle } = withVariances(processOf(covariance, x, y));
    const likelihood = createLikelihood(data);
    const shifts = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), {
      minLength: middle.length,
      maxLength: middle.length,
    });
    fc.assert(
      fc.property(shifts, fc.uniqueArray(fc.nat(N - 1), { minLength: 1, maxLength: 12 }), (moved, inducing) => {
        const theta = middle.map((value, k) => value + moved[k]!);
        const { bound } = createEvidenceBound(data, Int32Array.from(inducing)).condition(theta);
        expect(bound).toBeLessThan(likelihood.condition(theta).logLikelihood + 1e-7);
      }),
      { numRuns: 10 },
    );
  });

  it("has no value without noise", () => {
    const { data } = processOf({ kind: "rbf" }, features(3, 1, [1, 1, 2]), Float64Array.of(0, 1, 2));
    const evidence = createEvidenceBound(data, Int32Array.of(0, 2));
    const gradient = new Float64Array(3);
    expect(evidence.evaluate(Float64Array.of(0, 0, Number.NEGATIVE_INFINITY), gradient)).toBeNaN();
    expect(gradient).toEqual(new Float64Array(3));
  });
});

describe("chooseInducing", () => {
  it("takes what is farthest from what it has, and stops where nothing is left", () => {
    const line = processOf(
      { kind: "rbf", metric: "isotropic" },
      features(5, 1, [0, 0.1, 1, 0, 0.45]),
      new Float64Array(5),
    );
    expect(Array.from(chooseInducing(line.data, line.theta, 3))).toEqual([0, 2, 4]);
    expect(Array.from(chooseInducing(line.data, line.theta, 9))).not.toContain(3);
  });

  it.each(Object.entries(COVARIANCES))("leaves the greatest variance small, with %s", (_, covariance) => {
    const { data, theta } = processOf(covariance, x, y);
    const chosen = chooseInducing(data, theta, 12);
    expect(new Set(chosen).size).toBe(chosen.length);
    const bounds = [3, 6, 12].map((m) => createEvidenceBound(data, chosen.slice(0, m)).condition(theta).bound);
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  });
});
