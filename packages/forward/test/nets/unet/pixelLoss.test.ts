import type { BatchTarget } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { lossTotals, pixelLoss } from "../../../src/nets/unet/pixelLoss.ts";
import { numbers } from "../kernels/gradients.ts";

const targets: BatchTarget[] = [
  { name: "phase", kind: "classes", labels: ["a", "b", "c"] },
  { name: "edge", kind: "presence", labels: ["edge"] },
  { name: "distance", kind: "values", labels: ["d", "e"] },
];
const labelWeights = [1, 0.5, 2, 3, 1, 1];

function problem(images: number, pixels: number) {
  const y = new Float32Array(images * pixels * 6);
  const weights = new Float32Array(images * pixels);
  for (let p = 0; p < images * pixels; p++) {
    y[6 * p + (p % 3)] = 1;
    y[6 * p + 3] = p % 2;
    y[6 * p + 4] = numbers(1, p)[0]!;
    weights[p] = (p % 4) / 2;
  }
  const totals = lossTotals(targets, labelWeights, y, weights);
  return { y, weights, settings: { targets, labelWeights, diceWeight: 0.7, totals, labelledImages: images } };
}

describe("pixelLoss", () => {
  it("is the cross entropy in closed form", () => {
    const settings = {
      targets: targets.slice(0, 1),
      labelWeights: [1, 1, 1],
      diceWeight: 0,
      totals: [2],
      labelledImages: 1,
    };
    const outputs = Float32Array.of(0, 0, 0, Math.log(2), 0, 0);
    const loss = pixelLoss(
      settings,
      1,
      outputs,
      Float32Array.of(1, 0, 0, 1, 0, 0),
      Float32Array.of(1, 1),
      new Float32Array(6),
    );
    expect(loss).toBeCloseTo((Math.log(3) + Math.log(2)) / 2, 6);
    expect([...outputs]).toEqual([1 / 3, 1 / 3, 1 / 3, 0.5, 0.25, 0.25].map(Math.fround));
  });

  it("has the gradient that differences give, for all kinds of targets together", () => {
    const { y, weights, settings } = problem(2, 6);
    const outputs = numbers(72, 3);
    const gradient = new Float32Array(72);
    pixelLoss(settings, 2, outputs.slice(), y, weights, gradient);
    for (let i = 0; i < 72; i++) {
      const at = (step: number): number =>
        pixelLoss(
          settings,
          2,
          outputs.map((v, j) => (j === i ? v + step : v)),
          y,
          weights,
          new Float32Array(72),
        );
      expect(gradient[i]).toBeCloseTo((at(2 ** -8) - at(-(2 ** -8))) / 2 ** -7, 4);
    }
  });

  it("parts of a batch add up to the batch", () => {
    const { y, weights, settings } = problem(2, 6);
    const outputs = numbers(72, 3);
    const gradient = new Float32Array(72);
    const whole = pixelLoss(settings, 2, outputs.slice(), y, weights, gradient);
    const half = new Float32Array(36);
    const first = pixelLoss(settings, 1, outputs.slice(0, 36), y.slice(0, 36), weights.slice(0, 6), half);
    const second = pixelLoss(settings, 1, outputs.slice(36), y.slice(36), weights.slice(6), new Float32Array(36));
    expect(first + second).toBeCloseTo(whole, 10);
    expect([...gradient.slice(0, 36)]).toEqual([...half]);
  });

  it("pixels of weight 0 teach nothing", () => {
    const { y, settings } = problem(1, 6);
    const gradient = new Float32Array(36).fill(1);
    expect(pixelLoss({ ...settings, totals: [1, 1, 1] }, 1, numbers(36, 1), y, new Float32Array(6), gradient)).toBe(0);
    expect(gradient.every((g) => g === 0)).toBe(true);
  });
});
