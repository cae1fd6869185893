import { createMatrix, createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import {
  absoluteNetLoss,
  laplaceNetLoss,
  likelihoodNetLoss,
  softmaxNetLoss,
  squaredNetLoss,
  varianceOf,
} from "../../src/kernels/index.ts";
import { drawParameters, type NetShape, passBack, passForward } from "../../src/mlp/denseNet.ts";
import { fitRobustScaling, squash } from "../../src/mlp/robustScaling.ts";
import { features } from "../data.ts";

type Loss = (outputs: Float64Array, gradient: Float64Array) => number;

/** Largest difference of the gradient from central differences of the loss, relative to the largest slope. */
function gradientError(shape: NetShape, loss: Loss, value: Loss, mask?: (layer: number) => Float64Array): number {
  const random = createRandom(5);
  const parameters = drawParameters(shape, random).map((p) => p + 0.1 * random.normal());
  const inputs = createMatrix(
    7,
    shape.nInputs,
    Float64Array.from({ length: 7 * shape.nInputs }, () => random.normal()),
  );
  const scratch = new Float64Array(7 * shape.nOutputs);
  const at = (p: Float64Array): number => value(passForward(shape, p, inputs, mask).outputs.data, scratch);
  const byOutputs = new Float64Array(7 * shape.nOutputs);
  const pass = passForward(shape, parameters, inputs, mask);
  loss(pass.outputs.data, byOutputs);
  const gradient = new Float64Array(parameters.length);
  passBack(shape, parameters, pass, byOutputs, gradient);
  let most = 0;
  const size = Math.max(...gradient.map(Math.abs));
  for (let k = 0; k < parameters.length; k++) {
    const moved = (by: number): number => at(parameters.map((p, j) => (j === k ? p + by : p)));
    const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    most = Math.max(most, Math.abs(slope - gradient[k]) / size);
  }
  return most;
}

const weights = Float64Array.of(1, 0.5, 2, 1, 0, 1, 3);
const y = Float64Array.from({ length: 14 }, (_, k) => (k === 4 ? Number.NaN : Math.sin(3 * k)));
const codes = Int32Array.of(0, 1, 2, 2, 1, 0, 2);

const squared: Loss = (out, g) => squaredNetLoss(7, 2, 2, out, y, weights, g);
const likelihood: Loss = (out, g) => likelihoodNetLoss(7, 2, 0, out, y, weights, g);
const absolute: Loss = (out, g) => absoluteNetLoss(7, 2, 2, out, y, weights, g);
const laplace: Loss = (out, g) => laplaceNetLoss(7, 2, 0, out, y, weights, g);
const logLoss: Loss = (out, g) => softmaxNetLoss(7, 3, out, codes, weights, g);

describe("dense net: gradients are those of central differences", () => {
  it.each([
    ["squared error with a gap", "silu", 2, squared],
    ["squared error, rectified", "relu", 2, squared],
    ["likelihood of means and variances", "silu", 4, likelihood],
    ["absolute error with a gap", "silu", 2, absolute],
    ["likelihood of medians and variances", "silu", 4, laplace],
    ["log loss of a softmax", "silu", 3, logLoss],
  ] as const)("%s", (_name, activation, nOutputs, loss) => {
    const shape = { nInputs: 5, hidden: [6, 4], nOutputs, activation };
    expect(gradientError(shape, loss, loss)).toBeLessThan(1e-7);
  });

  it("with activations dropped, and without hidden layers", () => {
    const mask = (layer: number): Float64Array =>
      Float64Array.from({ length: 7 * (layer === 0 ? 6 : 4) }, (_, k) => (k % 3 === 0 ? 0 : 1.5));
    const shape = { nInputs: 5, hidden: [6, 4], nOutputs: 2, activation: "silu" } as const;
    expect(gradientError(shape, squared, squared, mask)).toBeLessThan(1e-7);
    expect(gradientError({ ...shape, hidden: [] }, squared, squared)).toBeLessThan(1e-7);
  });

  it("the Laplace loss is the likelihood of its distribution, and with β = 1 moves medians as absolute errors do", () => {
    const out = Float64Array.of(0.3, -1.2);
    const b = Math.sqrt(varianceOf(-1.2) / 2);
    const gradient = new Float64Array(2);
    const value = laplaceNetLoss(1, 1, 1, out, Float64Array.of(1), Float64Array.of(2), gradient);
    expect(value).toBeCloseTo(-2 * Math.log(Math.exp(-0.7 / b) / (2 * b)), 12);
    expect(gradient[0]).toBeCloseTo(-2, 12);
  });

  it("β-NLL: the likelihood's gradient times σ^2β, the value that of the likelihood", () => {
    const out = Float64Array.from({ length: 28 }, (_, k) => Math.cos(k));
    const [plain, weighted] = [new Float64Array(28), new Float64Array(28)];
    const value = likelihoodNetLoss(7, 2, 0, out, y, weights, plain);
    expect(likelihoodNetLoss(7, 2, 0.5, out, y, weights, weighted)).toBe(value);
    for (let i = 0; i < 7; i++) {
      for (let t = 0; t < 2; t++) {
        const factor = Math.sqrt(varianceOf(out[4 * i + 2 + t]));
        for (const at of [4 * i + t, 4 * i + 2 + t]) expect(weighted[at]).toBeCloseTo(factor * plain[at], 12);
      }
    }
  });
});

describe("robust scaling", () => {
  it("leaves constants out, keeps order, and holds outliers near the others", () => {
    const column = [1, 2, 3, 4, 1e9];
    const x = features(
      5,
      3,
      column.flatMap((v, i) => [v, 5, i === 2 ? 1 : 0]),
    );
    const scaling = fitRobustScaling(x);
    expect(Array.from(scaling.used)).toEqual([0, 2]);
    const z = squash(scaling, x);
    const first = Array.from({ length: 5 }, (_, i) => z.data[2 * i]);
    expect(first).toEqual([...first].sort((a, b) => a - b));
    expect(first[2]).toBe(0);
    expect(first[3]).toBeCloseTo(1 / 1.4826 / Math.sqrt(1 + (1 / 1.4826 / 3) ** 2), 3);
    expect(first[4]).toBeCloseTo(3, 6);
    const far = squash(scaling, features(1, 3, [-1e300, 0, 0]));
    expect(far.data[0]).toBe(-3);
  });
});
