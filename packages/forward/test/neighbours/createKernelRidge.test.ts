import { createKernelRidge, createRidge } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, rSquared, smooth, targets } from "../data.ts";
import { expectClose, run } from "../linear/sklearnLinear.ts";
import { fresh, goldens, grouped, x } from "./goldens.ts";

describe("createKernelRidge against the bordered system", () => {
  it.each(goldens.kernelRidge)("$covariance, λ $penalty", async (expected) => {
    const { covariance, lengthScale, penalty } = expected;
    const model = await createKernelRidge({ covariance, lengthScale, penalty }).fit(x, grouped, run);
    expectClose(model.predictSync(fresh).mean.data, expected.predicted, 1e-8);
    expectClose(model.heldOut?.mean, expected.leaveGroupOut, 1e-8);
    const { variance } = model.predictor.estimate(fresh);
    const scale = variance[0] / expected.relativeVariance[0];
    expectClose(
      variance.map((v) => v / scale),
      expected.relativeVariance,
      1e-8,
    );
  });
});

describe("createKernelRidge", () => {
  it("chooses settings with nearly the least left-out error of the whole grid", async () => {
    const error = async (options: object): Promise<number> =>
      ((await createKernelRidge(options).fit(x, grouped, run)).report as { readonly rmse: number }).rmse;
    const best = await error({});
    for (const lengthScale of [0.3, 1, 3, 10]) {
      for (const penalty of [1e-4, 1e-2, 1]) expect(best).toBeLessThan(1.1 * (await error({ lengthScale, penalty })));
    }
  });

  it("follows what a line cannot", async () => {
    const { x: inputs, y } = smooth(120, 3, 2, 0.05);
    const { x: test, y: truth } = smooth(60, 3, 9, 0);
    const score = async (learner: ReturnType<typeof createRidge>): Promise<number> =>
      rSquared(truth.values.data, (await learner.fit(inputs, y, run)).predictSync(test).mean.data);
    expect(await score(createKernelRidge())).toBeGreaterThan(0.99);
    expect(await score(createRidge())).toBeLessThan(0.99);
  });

  it("returns to the mean, and is less sure, far from the training rows", async () => {
    const model = await createKernelRidge({ lengthScale: 1.7, penalty: 0.3 }).fit(x, grouped, run);
    const { mean, std } = model.predictSync(features(2, 3, [...goldens.x.slice(0, 3), 1e3, -1e4, 1e2]));
    const [low, high] = [Math.min(...goldens.y), Math.max(...goldens.y)];
    expect(mean.data[1]).toBeGreaterThan(low);
    expect(mean.data[1]).toBeLessThan(high);
    expect(std!.data[1]).toBeGreaterThan(std!.data[0]);
  });

  it("takes repeated rows, constant features and few rows; refuses too many and options outside their range", async () => {
    const { x: inputs, y } = smooth(6, 3, 1);
    for (const data of [inputs.data.map((_, at) => inputs.data[at % 6]), new Float64Array(18).fill(1)]) {
      const model = await createKernelRidge().fit({ ...inputs, data }, y, run);
      expect(model.predictSync(inputs).mean.data.every(Number.isFinite)).toBe(true);
    }
    const many = features(3001, 1, new Float64Array(3001));
    await expect(createKernelRidge().fit(many, targets(new Float64Array(3001)), run)).rejects.toThrow(/at most 3000/);
    expect(() => createKernelRidge({ covariance: "cubic" as "rbf" })).toThrow(/covariance must be/);
    expect(() => createKernelRidge({ penalty: 0 })).toThrow(/penalty must be/);
  });
});
