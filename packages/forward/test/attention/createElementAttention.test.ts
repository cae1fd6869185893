import { createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import { createElementAttention, learnerByName } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, rSquared, smooth, targets } from "../data.ts";

const run = (seed = 1): { random: ReturnType<typeof createRandom>; threads: number } => ({
  random: createRandom(seed),
  threads: 1,
});

const ELEMENTS = ["Fe", "Ni", "Cr", "Ti", "Al", "Cu"];

/** Ternaries of six elements whose property is a product of fractions, times a temperature that is no composition. */
function alloys(n: number, seed: number): { x: FeatureMatrix; y: Targets } {
  const random = createRandom(seed);
  const data: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = new Array<number>(7).fill(0);
    let left = 1;
    for (const k of [0, 1]) {
      const share = left * (0.1 + 0.8 * random.next());
      row[(random.int(5) + k) % 6] += share;
      left -= share;
    }
    row[5] += left;
    row[6] = random.next();
    data.push(...row);
    y.push(100 * (row[0] * row[5] + row[1] * row[4]) + 10 * row[6] * row[3]);
  }
  const columns = ELEMENTS.map((name) => ({ name: `${name} fraction`, unit: "atomic fraction", source: ["formula"] }));
  const scalar = { name: "temperature", unit: "K", source: ["temperature"] };
  return { x: { ...features(n, 7, data), features: [...columns, scalar] }, y: targets(y) };
}

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
