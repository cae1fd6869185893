import { createPartialLeastSquares } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";
import { expectClose, fresh, goldens, grouped, run, x } from "./sklearnLinear.ts";

const golden = goldens.pls;

describe("createPartialLeastSquares against scikit-learn", () => {
  it.each([1, 2, 3, 4, 5, 6])("%i components", async (components) => {
    const model = await createPartialLeastSquares({ components }).fit(x, targets(goldens.y), run);
    expectClose(model.predictSync(fresh).mean.data, golden.predicted[components - 1], 1e-8);
  });

  it("chooses the number by left-out groups, and holds each group out from the choice too", async () => {
    const model = await createPartialLeastSquares().fit(x, grouped(goldens.y), run);
    expect(model.report).toMatchObject({ components: golden.chosen });
    expectClose(model.heldOut?.mean, golden.heldOut, 1e-8);
  });
});

describe("createPartialLeastSquares", () => {
  it("needs one component for many features that carry one signal", async () => {
    const { x: one, y } = smooth(40, 3, 4, 0);
    const data = Float64Array.from({ length: 40 * 30 }, (_, at) => one.data[Math.floor(at / 30) * 3] * ((at % 30) + 1));
    const wide = features(40, 30, data);
    const model = await createPartialLeastSquares().fit(wide, targets(one.data.filter((_, at) => at % 3 === 0)), run);
    expect(model.report).toMatchObject({ components: 1 });
    expect(y.values.rows).toBe(40);
    for (const [i, value] of model.predictSync(wide).mean.data.entries()) expect(value).toBeCloseTo(one.data[i * 3], 9);
  });

  it("gives as many components as few rows or repeated features determine", async () => {
    const { x: wide, y } = smooth(6, 20, 2);
    const model = await createPartialLeastSquares({ components: 10 }).fit(wide, y, run);
    expect(model.report).toMatchObject({ components: 5 });
    for (const [i, value] of model.predictSync(wide).mean.data.entries()) {
      expect(value).toBeCloseTo(y.values.data[i], 6);
    }
    const same = { ...wide, data: wide.data.map((_, at) => wide.data[Math.floor(at / 20) * 20]) };
    expect((await createPartialLeastSquares({ components: 3 }).fit(same, y, run)).report).toMatchObject({
      components: 1,
    });
  });

  it("is less sure far from the training rows", async () => {
    const { x: inputs, y } = smooth(60, 3, 1);
    const model = await createPartialLeastSquares({ components: 2 }).fit(inputs, y, run);
    const { std } = model.predictSync(features(2, 3, [0.5, 0.5, 0.5, 30, -30, 30]));
    expect(std!.data[1]).toBeGreaterThan(3 * std!.data[0]);
  });

  it("refuses options outside their range", () => {
    expect(() => createPartialLeastSquares({ components: 0 })).toThrow(/components must be/);
    expect(() => createPartialLeastSquares({ maxComponents: 1.5 })).toThrow(/maxComponents must be/);
    expect(() => createPartialLeastSquares({ level: 1 })).toThrow(/level must be/);
  });
});
