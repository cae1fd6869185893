import { createMatrix, createRandom } from "@materiome/core";
import { checkGradient } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import type { Covariance } from "../../src/gaussianProcess/covariance.ts";
import { addRowGradient, takeGradient } from "../../src/gaussianProcess/covarianceGradients.ts";
import {
  bindRows,
  evaluateRow,
  setHyperparameters,
  setPoint,
  setPointToRow,
} from "../../src/gaussianProcess/covarianceRows.ts";
import { createLikelihood } from "../../src/gaussianProcess/likelihood.ts";
import { compileCovariance } from "../../src/gaussianProcess/program.ts";
import { features } from "../data.ts";
import { COVARIANCES, processOf, table, UNSCALED } from "./processes.ts";

/** k(0, x) for one feature that is taken as it is. */
function covarianceAt(covariance: Covariance, x: number): number {
  const rows = features(1, 1, [x]);
  const { root, parameters } = compileCovariance(covariance, rows, UNSCALED(1));
  const bound = bindRows(root, rows, UNSCALED(1));
  setHyperparameters(
    bound,
    Float64Array.from(parameters, ({ start }) => start),
  );
  setPoint(bound, Float64Array.of(0), 0, UNSCALED(1));
  evaluateRow(bound, 1, -1);
  return bound.values[0];
}

describe("covariances", () => {
  it.each<[Covariance, number, number]>([
    [{ kind: "rbf", lengthScale: 2, variance: 3 }, 2, 3 * Math.exp(-0.5)],
    [{ kind: "matern12", lengthScale: 2, variance: 3 }, 4, 3 * Math.exp(-2)],
    [{ kind: "matern32", lengthScale: 1, variance: 1 }, 1, (1 + Math.sqrt(3)) * Math.exp(-Math.sqrt(3))],
    [{ kind: "matern52", lengthScale: 1, variance: 1 }, 1, (1 + Math.sqrt(5) + 5 / 3) * Math.exp(-Math.sqrt(5))],
    [{ kind: "rationalQuadratic", lengthScale: 1, shape: 2, variance: 1 }, 2, (1 + 4 / 4) ** -2],
    [{ kind: "periodic", lengthScale: 1, period: 4, variance: 1 }, 1, Math.exp(-2 * Math.sin(Math.PI / 4) ** 2)],
    [{ kind: "periodic", lengthScale: 1, period: 4, variance: 1 }, 8, 1],
    [{ kind: "linear", variance: 2 }, 3, 0],
    [{ kind: "constant", variance: 2 }, 3, 2],
    [{ kind: "white", variance: 2 }, 0, 0],
    [{ kind: "categorical", features: ["x0"], lengthScale: 2, variance: 1 }, 1, Math.exp(-1 / 8)],
    [
      {
        kind: "sum",
        terms: [
          { kind: "constant", variance: 2 },
          { kind: "rbf", lengthScale: 1, variance: 1 },
        ],
      },
      1,
      2 + Math.exp(-0.5),
    ],
    [
      {
        kind: "product",
        variance: 2,
        terms: [
          { kind: "matern12", lengthScale: 1 },
          { kind: "rbf", lengthScale: 1 },
        ],
      },
      1,
      2 * Math.exp(-1.5),
    ],
  ])("%j at a distance of %d", (covariance, x, expected) => {
    expect(covarianceAt(covariance, x)).toBeCloseTo(expected, 14);
  });

  it("labels differ by two 0/1 features: covariance exp(−1/ℓ²), whatever the pair", () => {
    const { x, y } = table(6);
    const { data } = processOf({ kind: "categorical", features: ["family"], lengthScale: 2, variance: 1 }, x, y);
    const bound = bindRows(data.root, x, data.scaling);
    setHyperparameters(bound, Float64Array.of(0, Math.log(2)));
    setPoint(bound, x.data, 0, data.scaling);
    evaluateRow(bound, 6, -1);
    const other = Math.exp(-1 / 4);
    for (const [i, value] of [1, other, other, 1, other, other].entries())
      expect(bound.values[i]).toBeCloseTo(value, 14);
  });
});

describe("pairs of training rows", () => {
  it.each<Covariance>([
    { kind: "matern52", metric: "source" },
    { kind: "rationalQuadratic", metric: "isotropic" },
    { kind: "linear" },
    { kind: "linear", metric: "source" },
  ])("summed once for columns that share a length-scale, give the values and gradients of %j", (covariance) => {
    const random = createRandom(4);
    const plain = features(
      9,
      10,
      Float64Array.from({ length: 90 }, () => random.normal()),
    );
    const x = {
      ...plain,
      features: plain.features.map((feature, f) => ({ ...feature, source: [f % 3 === 0 ? "a" : "b"] })),
    };
    const { data, theta } = processOf(covariance, x, new Float64Array(9));
    const moved = theta.map((value, k) => value + 0.1 * k);
    const weights = Float64Array.from({ length: 9 }, () => random.normal());
    const [direct, summed] = [false, true].map((isAmongItself) => {
      const rows = bindRows(data.root, x, data.scaling, undefined, isAmongItself);
      expect(rows.blocks !== undefined).toBe(isAmongItself);
      setHyperparameters(rows, moved);
      const values: number[] = [];
      for (let i = 0; i < 9; i++) {
        setPointToRow(rows, i);
        evaluateRow(rows, i + 1, i);
        values.push(...rows.values.subarray(0, i + 1));
        addRowGradient(rows, i + 1, weights);
      }
      const gradient = new Float64Array(moved.length);
      takeGradient(rows, moved, gradient);
      return [...values, ...gradient];
    });
    for (const [k, value] of (direct ?? []).entries()) expect(summed?.[k]).toBeCloseTo(value, 11);
  });
});

describe("createLikelihood", () => {
  it("is the normal density of one row", () => {
    const process = processOf({ kind: "constant", variance: 1.5 }, features(1, 1, [0.3]), Float64Array.of(0.8), 0.5);
    const theta = Float64Array.of(Math.log(1.5), Math.log(0.5));
    const expected = -0.5 * Math.log(2 * Math.PI * 2) - (0.8 * 0.8) / 4;
    expect(createLikelihood(process.data).condition(theta).logLikelihood).toBeCloseTo(expected, 14);
  });

  it("is the bivariate normal density of two rows", () => {
    const x = features(2, 1, [0, 1]);
    const process = processOf({ kind: "rbf" }, x, Float64Array.of(0.5, -0.2));
    const data = { ...process.data, scaling: UNSCALED(1), noiseVariance: Float64Array.of(0, 0.3) };
    // [variance, length-scale, noise]
    const { logLikelihood } = createLikelihood(data).condition(Float64Array.of(Math.log(2), 0, Math.log(0.1)));
    const [a, b, c] = [2.1, 2 * Math.exp(-0.5), 2.4];
    const determinant = a * c - b * b;
    const square = (c * 0.25 + 2 * b * 0.1 + a * 0.04) / determinant;
    expect(logLikelihood).toBeCloseTo(-0.5 * square - 0.5 * Math.log(determinant) - Math.log(2 * Math.PI), 13);
  });

  it.each(Object.entries(COVARIANCES))("gradient of %s is that of central differences", (_, covariance) => {
    const { x, y } = table(25);
    const { data, theta } = processOf(covariance, x, y);
    const likelihood = createLikelihood(data);
    const objective = (at: Float64Array, gradient: Float64Array): number => {
      gradient.fill(0);
      return likelihood.evaluate(at, gradient);
    };
    const { largestError, analytic } = checkGradient(objective, theta);
    expect(largestError).toBeLessThan(2e-7);
    expect(analytic.every((slope) => slope !== 0)).toBe(true);
  });

  it("has no value where rows repeat without noise", () => {
    const { data } = processOf({ kind: "rbf" }, features(3, 1, [1, 1, 2]), Float64Array.of(0, 1, 2));
    const gradient = new Float64Array(3);
    expect(createLikelihood(data).evaluate(Float64Array.of(0, 0, Number.NEGATIVE_INFINITY), gradient)).toBeNaN();
    expect(createMatrix(1, 3, gradient).data).toEqual(new Float64Array(3));
  });
});
