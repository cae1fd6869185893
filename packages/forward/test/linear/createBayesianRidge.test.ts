import { createBayesianRidge } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { smooth, targets } from "../data.ts";
import { expectClose, fresh, goldens, grouped, run, x } from "./sklearnLinear.ts";

const golden = goldens.bayesianRidge;

describe("createBayesianRidge against scikit-learn", () => {
  it("has the same mean, noise and posterior variance", async () => {
    const model = await createBayesianRidge().fit(x, targets(goldens.y), run);
    const { noise } = model.report as { readonly noise: number };
    expect(noise).toBeCloseTo(golden.noise, 6);
    const { mean, variance } = model.predictor.estimate(fresh);
    expectClose(mean, golden.predicted, 1e-7);
    // The mean of the target is uncertain too, which scikit-learn leaves out.
    expectClose(
      variance.map((v) => v - noise / 40),
      golden.variance,
      1e-6,
    );
  });

  it("holds groups out with the precisions found again", async () => {
    const model = await createBayesianRidge().fit(x, grouped(goldens.y), run);
    expectClose(model.heldOut?.mean, golden.heldOut, 1e-7);
  });
});

describe("createBayesianRidge", () => {
  it("explains nothing of noise, and nearly all of a line", async () => {
    const { x: inputs } = smooth(80, 4, 3);
    const noise = targets(smooth(80, 4, 77).y.values.data.map((v, i) => v * (i % 2 === 0 ? 1 : -1)));
    const line = targets(Float64Array.from({ length: 80 }, (_, i) => 3 * inputs.data[i * 4] - inputs.data[i * 4 + 2]));
    const effective = async (y: typeof noise): Promise<number> =>
      ((await createBayesianRidge().fit(inputs, y, run)).report as { readonly effective: number }).effective;
    expect(await effective(noise)).toBeLessThan(2);
    expect(await effective(line)).toBeGreaterThan(3.9);
  });

  it("takes a constant target, more terms than rows, and few rows", async () => {
    const { x: wide, y } = smooth(7, 12, 2);
    const model = await createBayesianRidge({ degree: 2 }).fit(wide, y, run);
    expect(model.predictSync(wide).mean.data.every(Number.isFinite)).toBe(true);
    const flat = await createBayesianRidge().fit(wide, targets(new Float64Array(7).fill(3)), run);
    for (const value of flat.predictSync(wide).mean.data) expect(value).toBeCloseTo(3, 12);
  });

  it("refuses options outside their range", () => {
    expect(() => createBayesianRidge({ degree: 3 as 2 })).toThrow(/degree must be 1 or 2/);
    expect(() => createBayesianRidge({ folds: 0 })).toThrow(/folds must be/);
  });
});
