import { createRandom } from "@materiome/core";
import { createConstant } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";

const run = { random: createRandom(1), threads: 1 };
const zeros = (n: number) => features(n, 1, new Float64Array(n));
const middle = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2; // at least one value
};
const average = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("createConstant", () => {
  it.each(["mean", "median"] as const)("predicts the %s, and holds out the rows of other groups", async (statistic) => {
    const random = createRandom(5);
    const y = Array.from({ length: 23 }, () => Math.round(20 * random.next())); // with ties
    const groups = Int32Array.from(y, (_, i) => (i * 7) % 6);
    const model = await createConstant({ statistic }).fit(zeros(23), targets(y, { groups }), run);
    const of = statistic === "mean" ? average : middle;
    expect(model.predictSync(zeros(2)).mean.data[1]).toBeCloseTo(of(y), 12);
    for (const [i, value] of (model.heldOut?.mean ?? []).entries()) {
      expect(value).toBeCloseTo(of(y.filter((_, j) => groups[j] !== groups[i])), 12);
    }
    expect(model.heldOut?.mean).toHaveLength(23);
  });

  it("weighs rows for the mean, and refuses weights for the median", async () => {
    const y = targets([0, 10], { weights: Float64Array.of(3, 1) });
    const model = await createConstant().fit(zeros(2), y, run);
    expect(model.predictSync(zeros(1)).mean.data[0]).toBeCloseTo(2.5, 12);
    await expect(createConstant({ statistic: "median" }).fit(zeros(2), y, run)).rejects.toThrow(/takes no weights/);
  });

  it("has intervals of the residuals", async () => {
    const y = targets(Array.from({ length: 101 }, (_, i) => i));
    const { lower, upper } = (await createConstant({ level: 0.8 }).fit(zeros(101), y, run)).predictSync(zeros(1));
    const inside = Array.from(y.values.data).filter((v) => v >= lower!.data[0]! && v <= upper!.data[0]!); // one row
    expect(inside.length).toBeGreaterThan(75);
    expect(inside.length).toBeLessThan(90);
  });
});
