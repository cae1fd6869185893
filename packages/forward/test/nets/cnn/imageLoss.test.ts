import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import {
  calibrateTemperature,
  errorQuantile,
  measureErrors,
  viewProbabilities,
} from "../../../src/nets/cnn/calibration.ts";
import { imageLoss, imageLossTotals } from "../../../src/nets/cnn/imageLoss.ts";

describe("imageLoss", () => {
  const kinds = ["classes", "values"] as const;

  it("is the weighted mean cross entropy, and ln k for equal outputs", () => {
    const y = Float32Array.of(1, 0, 0, 0, 0, 1);
    const weights = Float32Array.of(1, 1, 1, 3, 3, 3);
    const settings = {
      kind: "classes",
      labelWeights: [1, 1, 1],
      totals: imageLossTotals("classes", [1, 1, 1], y, weights),
    } as const;
    expect(settings.totals).toEqual([4, 4, 4]);
    expect(imageLoss(settings, new Float32Array(6), y, weights, new Float32Array(6))).toBeCloseTo(Math.log(3), 6);
    const outputs = Float32Array.of(Math.log(2), 0, 0, 0, 0, 0); // first image: 2 / 4
    expect(imageLoss(settings, outputs, y, weights, new Float32Array(6))).toBeCloseTo(
      (Math.log(2) + 3 * Math.log(3)) / 4,
      6,
    );
  });

  it("is the mean over targets of the squared error where it is known", () => {
    const y = Float32Array.of(1, 5, 2, 0);
    const weights = Float32Array.of(1, 1, 1, 0);
    const totals = imageLossTotals("values", [1, 1], y, weights);
    expect(totals).toEqual([2, 1]);
    const gradient = new Float32Array(4);
    const outputs = Float32Array.of(2, 5, 5, 9);
    expect(imageLoss({ kind: "values", labelWeights: [1, 1], totals }, outputs, y, weights, gradient)).toBe(
      (10 / 2 + 0) / 2,
    );
    expect([...gradient]).toEqual([0.5, 0, 1.5, 0]);
  });

  it.each(kinds)("has the gradient that differences have (%s)", (kind) => {
    const random = createRandom(3);
    const outputs = Float32Array.from({ length: 12 }, () => random.normal());
    const y = Float32Array.from({ length: 12 }, (_, i) =>
      kind === "values" ? random.normal() : i % 3 === i % 2 ? 0.8 : 0.1,
    );
    const weights = Float32Array.from({ length: 12 }, (_, i) =>
      kind === "values" ? (i % 5 === 0 ? 0 : 1) : i < 3 ? 0 : 1 + Math.floor(i / 3),
    );
    const labelWeights = kind === "values" ? [1, 1, 1] : [1, 2, 0.5];
    const settings = { kind, labelWeights, totals: imageLossTotals(kind, labelWeights, y, weights) };
    const lossAt = (i: number, step: number): number => {
      const moved = outputs.slice();
      moved[i]! += step;
      return imageLoss(settings, moved, y, weights, new Float32Array(12));
    };
    const gradient = new Float32Array(12);
    imageLoss(settings, outputs.slice(), y, weights, gradient);
    for (let i = 0; i < 12; i++)
      expect(gradient[i]).toBeCloseTo((lossAt(i, 2 ** -8) - lossAt(i, -(2 ** -8))) * 2 ** 7, 3);
  });
});

describe("calibrateTemperature", () => {
  it("finds the temperature at which outputs were made too large", () => {
    const random = createRandom(4);
    const n = 4000;
    const outputs = new Float32Array(2 * n);
    const y = new Float32Array(2 * n);
    for (let i = 0; i < n; i++) {
      const logit = 2 * random.normal();
      outputs[2 * i] = 3 * logit;
      y[2 * i + (random.next() < 1 / (1 + Math.exp(-logit)) ? 0 : 1)] = 1;
    }
    const found = calibrateTemperature(outputs, 1, 2, y, new Float32Array(2 * n).fill(1));
    expect(found.n).toBe(n);
    expect(Math.abs(found.temperature / 3 - 1)).toBeLessThan(0.1);
    expect(found.logLossAfter).toBeLessThan(found.logLossBefore);
  });

  it("stays within 0.2 … 10 where all are right, or none", () => {
    const y = Float32Array.of(1, 0, 0, 1);
    const ones = new Float32Array(4).fill(1);
    expect(calibrateTemperature(Float32Array.of(1, 0, 0, 1), 1, 2, y, ones).temperature).toBeCloseTo(0.2, 2);
    expect(calibrateTemperature(Float32Array.of(0, 1, 1, 0), 1, 2, y, ones).temperature).toBeCloseTo(10, 1);
  });

  it("takes the mean and variance of probabilities over views", () => {
    const outputs = Float32Array.of(Math.log(3), 0, 0, 0); // two views of one image: 3/4 and 1/2
    const { mean, variance } = viewProbabilities(outputs, 2, 2, 1);
    expect(mean[0]).toBeCloseTo(0.625, 6);
    expect(mean[1]).toBeCloseTo(0.375, 6);
    expect(variance[0]).toBeCloseTo(0.125 ** 2, 6);
  });
});

describe("errors of values", () => {
  it("split into those of the views and the rest, and say how wide an interval must be", () => {
    const y = Float32Array.of(0, 0, 0, 0);
    const mean = Float64Array.of(1, -2, 3, 100);
    const [errors] = measureErrors(mean, Float64Array.of(1, 1, 1, 1), y, Float32Array.of(1, 1, 1, 0), 1);
    expect(errors!.n).toBe(3);
    expect(errors!.rmse).toBeCloseTo(Math.sqrt(14 / 3), 12);
    expect(errors!.variance).toBeCloseTo(14 / 3 - 1, 12);
    expect(errors!.ratios[2]).toBeCloseTo(3 / Math.sqrt(14 / 3), 12);
    expect(errorQuantile(errors!, 0.5)).toBe(errors!.ratios[1]);
    expect(errorQuantile(errors!, 0.75)).toBe(errors!.ratios[2]);
    expect(errorQuantile(errors!, 0.9)).toBeUndefined();
  });
});
