import { createRandom } from "@materiome/core";
import { createHuber, createRidge } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";
import { expectClose, fresh, goldens, grouped, run, x } from "./sklearnLinear.ts";

const golden = goldens.huber;

describe("createHuber against scikit-learn", () => {
  it.each(golden.alphas.map((alpha, k) => [alpha, k] as const))("α %f: predictions and scale", async (alpha, k) => {
    const model = await createHuber({ alpha }).fit(x, targets(goldens.outlying), run);
    expectClose(model.predictSync(fresh).mean.data, golden.predicted[k], 2e-5);
    expect(model.report).toMatchObject({ alpha });
    expect((model.report as { readonly scale: number }).scale).toBeCloseTo(golden.scales[k], 4);
  });

  it("holds whole groups out", async () => {
    const model = await createHuber({ alpha: 1e-4 }).fit(x, grouped(goldens.outlying), run);
    expectClose(model.heldOut?.mean, golden.heldOut, 2e-5);
  });
});

describe("createHuber", () => {
  const { x: inputs } = smooth(60, 3, 1);
  const truth = Float64Array.from({ length: 60 }, (_, i) => 5 + 2 * inputs.data[i * 3] - inputs.data[i * 3 + 1]);
  const spoiled = truth.map((v, i) => (i % 12 === 0 ? v + 50 : v + 0.01 * Math.sin(i)));
  const error = (mean: Float64Array): number => Math.max(...mean.map((v, i) => Math.abs(v - truth[i])));

  it("is not pulled by outliers that pull least squares", async () => {
    const model = await createHuber().fit(inputs, targets(spoiled), run);
    const plain = await createRidge().fit(inputs, targets(spoiled), run);
    expect(error(model.predictSync(inputs).mean.data)).toBeLessThan(0.2);
    expect(error(plain.predictSync(inputs).mean.data)).toBeGreaterThan(2);
    expect((model.report as { readonly nBeyond: number }).nBeyond).toBeGreaterThanOrEqual(5);
  });

  it("takes constant targets, targets that are met exactly, repeated features and few rows", async () => {
    const data = inputs.data.map((v, at) => (at % 3 === 2 ? inputs.data[at - 2] : v));
    for (const y of [new Float64Array(60).fill(4), truth]) {
      const model = await createHuber().fit({ ...inputs, data }, targets(y), run);
      const { mean } = model.predictSync({ ...inputs, data });
      for (const [i, value] of mean.data.entries()) expect(value).toBeCloseTo(y[i], 1);
    }
    const { x: wide, y } = smooth(8, 12, 5);
    const model = await createHuber().fit(wide, y, run);
    expect(model.predictSync(wide).mean.data.every(Number.isFinite)).toBe(true);
  });

  it("does not follow noise where there are more features than rows", async () => {
    const random = createRandom(4);
    const wide = features(
      12,
      25,
      Array.from({ length: 12 * 25 }, () => random.normal()),
    );
    const noise = Float64Array.from({ length: 12 }, () => random.normal());
    const model = await createHuber().fit(wide, targets(noise), run);
    // A penalty that lets the rows be met exactly has the scale 0.
    expect((model.report as { readonly scale: number }).scale).toBeGreaterThan(0.1);
  });

  it("refuses options outside their range", () => {
    expect(() => createHuber({ delta: 0.9 })).toThrow(/delta must be at least 1/);
    expect(() => createHuber({ alpha: -1 })).toThrow(/alpha must be/);
  });
});
