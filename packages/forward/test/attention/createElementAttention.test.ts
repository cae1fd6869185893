import { createRandom, type FeatureMatrix } from "@materiome/core";
import { createElementAttention, learnerByName } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { rSquared, smooth } from "../data.ts";
import { alloys } from "./alloys.ts";

const run = (seed = 1): { random: ReturnType<typeof createRandom>; threads: number } => ({
  random: createRandom(seed),
  threads: 1,
});

const small = { width: 8, heads: 2, layers: 1, hidden: 16, epochs: 40, folds: 2, nMembers: 2 } as const;

describe("createElementAttention", () => {
  it("learns how elements act together, and how they act with a temperature", async () => {
    const { x, y } = alloys(240, 3);
    const test = alloys(200, 8);
    const options = { ...small, epochs: 60, learningRate: 0.01 };
    const model = await createElementAttention(options).fit(x, y, run());
    expect(rSquared(test.y.values.data, model.predictSync(test.x).mean.data)).toBeGreaterThan(0.7); // ridge: 0.37
    const warmer = { ...test.x, data: test.x.data.map((v, at) => (at % 7 === 6 ? 1 - v : v)) };
    expect(model.predictSync(warmer).mean.data).not.toEqual(model.predictSync(test.x).mean.data);
  });

  it("finds amounts by their unit, or where they are named, in one unit, each element once", async () => {
    const { x, y } = smooth(30, 3, 2);
    const named = (...columns: readonly (readonly [string, string])[]): FeatureMatrix => ({
      ...x,
      features: columns.map(([name, unit]) => ({ name, unit, source: [name] })),
    });
    const fit = (inputs: FeatureMatrix, options: object = {}): Promise<unknown> =>
      createElementAttention({ ...small, epochs: 2, ...options }).fit(inputs, y, run());
    await fit(named(["Cr", "wt%"], ["formula: Fe fraction", "wt%"], ["temperature", "K"]));
    await fit(x, { amounts: { x0: "Fe" } });
    await expect(fit(x)).rejects.toThrow(/no feature is the amount of an element.*use another learner/);
    await expect(fit(named(["Cr", "wt%"], ["Fe", "at%"], ["T", "K"]))).rejects.toThrow(/wt%, at%; convert/);
    await expect(fit(named(["Cr", "wt%"], ["Cr fraction", "wt%"], ["T", "K"]))).rejects.toThrow(
      /"Cr" and "Cr fraction" are both amounts of Cr/,
    );
    const negative = { ...x, data: x.data.map((v, at) => (at === 3 ? -v : v)) };
    await expect(fit(negative, { amounts: { x0: "Fe" } })).rejects.toThrow(/amount of Fe is -0\.\d+ in row/);
  });

  it("refuses options outside their range", () => {
    expect(() => createElementAttention({ width: 30 })).toThrow(/width must be a multiple of the 4 heads, at most 64/);
    expect(() => createElementAttention({ amounts: { x0: "Xx" } })).toThrow(/amounts must be/);
    expect(() => createElementAttention({ nMembers: 3 })).toThrow(/at least the 5 folds, got 3/);
  });

  it("has a name, and learns by the criterion that is asked for", () => {
    const params = learnerByName("element-attention", 0.8, { criterion: "absolute" }).toJSON().params;
    expect(params).toMatchObject({ loss: "absolute", level: 0.8, noise: "constant", width: 32 });
  });
});
