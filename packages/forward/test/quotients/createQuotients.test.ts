import { createMatrix, createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import {
  createQuotients,
  createRandomForest,
  createRidge,
  crossValidate,
  type ForwardLearner,
  kFold,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { amountGroups } from "../../src/quotients/amountGroups.ts";
import { chooseQuotients } from "../../src/quotients/chooseQuotients.ts";
import { features, targets } from "../data.ts";

const NAMES = ["cement", "slag", "water", "sand", "age"];
const UNITS = ["kg/m³", "kg/m³", "kg/m³", "kg/m³", "d"];

/** A recipe whose strength falls with water / (cement + slag) and rises with the logarithm of its age. */
function recipes(n: number, seed: number, noise = 0): { readonly x: FeatureMatrix; readonly y: Targets } {
  const random = createRandom(seed);
  const rows = Array.from({ length: n }, () => {
    const within = (low: number, high: number): number => low + (high - low) * random.next();
    return [
      within(150, 450),
      random.next() < 0.4 ? 0 : within(50, 250),
      within(140, 230),
      within(600, 900),
      within(3, 90),
    ];
  });
  const y = rows.map(([cement = 0, slag = 0, water = 0, , age = 0]) => {
    return 90 - 80 * (water / (cement + slag)) + 8 * Math.log(age) + noise * random.normal();
  });
  return { x: named(n, rows.flat()), y: targets(y) };
}

function named(n: number, data: readonly number[]): FeatureMatrix {
  const x = features(n, NAMES.length, data);
  return { ...x, features: NAMES.map((name, f) => ({ name, unit: UNITS[f] ?? "", source: [name] })) };
}

describe("chooseQuotients", () => {
  it("finds the quotient that a target follows, before any other", () => {
    const { x, y } = recipes(120, 1, 3);
    expect(chooseQuotients(x, y.values.data, 2, false)[0]?.name).toBe("water / (cement + slag)");
  });

  it("chooses alike for any rising function of the target, and no two that say the same", () => {
    const { x, y } = recipes(80, 2, 5);
    const chosen = chooseQuotients(x, y.values.data, 6, false);
    expect(chosen).toHaveLength(6);
    expect(chooseQuotients(x, y.values.data.map(Math.exp), 6, false)).toEqual(chosen);
    expect(new Set(chosen.map(({ name }) => name)).size).toBe(6);
  });
});

describe("chooseQuotients of rows whose amounts are all 0", () => {
  const { x, y } = recipes(120, 1, 3);
  const blank = { ...x, data: x.data.map((value, k) => (k < 4 ? 0 : value)) };

  it("finds the same for a learner that takes gaps, as such a row says nothing", () => {
    expect(chooseQuotients(blank, y.values.data, 2, true)[0]?.name).toBe("water / (cement + slag)");
  });

  it("finds none for a learner that takes no gaps, or where most rows are so", () => {
    expect(chooseQuotients(blank, y.values.data, 2, false)).toEqual([]);
    const most = { ...x, data: x.data.map((value, k) => (k % 5 < 4 && k < 305 ? 0 : value)) };
    expect(chooseQuotients(most, y.values.data, 2, true)).toEqual([]);
  });
});

describe("amountGroups", () => {
  const group = (more: Partial<{ unit: string; source: readonly string[]; values: readonly number[] }>): number[][] => {
    const { x } = recipes(20, 3);
    const data = x.data.slice();
    for (const [i, value] of (more.values ?? []).entries()) data[5 * i + 3] = value;
    const own = { ...x.features[3], name: "sand", unit: more.unit ?? "kg/m³", source: more.source ?? ["sand"] };
    return amountGroups({ ...x, data, features: x.features.with(3, own) });
  };

  it("are inputs of one unit, at least 0", () => {
    expect(group({})).toEqual([[0, 1, 2, 3]]);
    expect(group({ unit: "%" })).toEqual([[0, 1, 2]]);
    expect(group({ values: [-1] })).toEqual([[0, 1, 2]]);
    expect(group({ values: [Number.NaN] })).toEqual([[0, 1, 2]]);
    expect(group({ values: Array.from({ length: 20 }, (_, i) => i % 2) })).toEqual([[0, 1, 2]]);
    expect(group({ source: ["sand", "water"] })).toEqual([]);
  });

  it("are no temperatures, and none where a unit has fewer than three", () => {
    const x = features(
      5,
      3,
      Array.from({ length: 15 }, (_, i) => i),
    );
    const inUnit = (unit: string): number[][] =>
      amountGroups({ ...x, features: x.features.map((feature) => ({ ...feature, unit })) });
    expect(inUnit("wt%")).toEqual([[0, 1, 2]]);
    expect(inUnit("°C")).toEqual([]);
    expect(inUnit("")).toEqual([]);
    const two = { ...createMatrix(5, 2, x.data.subarray(0, 10)), features: x.features.slice(0, 2) };
    expect(amountGroups(two)).toEqual([]);
  });

  it("keep the ten of largest mean", () => {
    const share = (f: number): number => (f === 5 || f === 0 ? 0.01 : 1);
    const plain = features(
      4,
      12,
      Array.from({ length: 48 }, (_, i) => share(i % 12) * (1 + i)),
    );
    const x = { ...plain, features: plain.features.map((feature) => ({ ...feature, unit: "g" })) };
    expect(amountGroups(x)).toEqual([[1, 2, 3, 4, 6, 7, 8, 9, 10, 11]]);
  });
});

describe("createQuotients", () => {
  it("lets trees predict a recipe from far fewer rows", async () => {
    const { x, y } = recipes(100, 4, 2);
    const trees = createRandomForest({ nTrees: 50, splitter: "random" });
    const scoreOf = async (learner: ForwardLearner): Promise<number> => {
      const { scores } = await crossValidate(learner, x, y, kFold(5), { random: createRandom(5) });
      return scores.r2;
    };
    const [plain, helped] = [await scoreOf(trees), await scoreOf(createQuotients(trees))];
    expect(1 - helped).toBeLessThan(0.7 * (1 - plain));
  });

  it("names the quotients, and adds sums of two where asked", async () => {
    const { x, y } = recipes(60, 6);
    const learner = createQuotients(createRidge(), { nQuotients: 1, addsSums: true });
    const model = await learner.fit(x, y, { random: createRandom(1) });
    expect(model.report).toMatchObject({ quotients: ["water / (cement + slag)"], nSums: 6 });
  });

  it("says which amounts have no quotient in a row to predict, or leaves them to a learner that takes gaps", async () => {
    const { x, y } = recipes(60, 7);
    const empty = named(1, [0, 0, 0, 700, 28]);
    const options = { nQuotients: 1 };
    const ridge = await createQuotients(createRidge(), options).fit(x, y, { random: createRandom(1) });
    expect(() => ridge.predictSync(empty)).toThrow(/water \/ \(cement \+ slag\) has no value in row 0/);
    const trees = createQuotients(createRandomForest({ nTrees: 5 }), options);
    const forest = await trees.fit(x, y, { random: createRandom(1) });
    expect(forest.predictSync(empty).mean.data[0]).toBeGreaterThan(0);
  });

  it("refuses rows where every quotient lacks a value in some", async () => {
    const { x, y } = recipes(20, 9);
    const data = x.data.map((value, k) => (k < 4 ? 0 : value));
    const fitted = createQuotients(createRidge()).fit({ ...x, data }, y, { random: createRandom(1) });
    await expect(fitted).rejects.toThrow(/none has a value in every row/);
    const forest = createQuotients(createRandomForest({ nTrees: 2 })).fit({ ...x, data }, y, {
      random: createRandom(1),
    });
    expect((await forest).report).toMatchObject({
      quotients: expect.arrayContaining([expect.stringContaining(" / ")]),
    });
  });

  it("refuses features without amounts, and options outside their range", async () => {
    const { x, y } = recipes(20, 8);
    const learner = createQuotients(createRidge());
    const cold = { ...x, features: x.features.map((feature) => ({ ...feature, unit: "K" })) };
    await expect(learner.fit(cold, y, { random: createRandom(1) })).rejects.toThrow(/fewer than 3 inputs are amounts/);
    expect(() => createQuotients(createRidge(), { nQuotients: 0 })).toThrow(
      /nQuotients must be a whole number of 1 … 20/,
    );
  });
});
