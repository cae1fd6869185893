import { closeWorkers, createMatrix, createRandom } from "@materiome/core";
import { sobol } from "@materiome/core/numerics";
import { createAuto, type ForwardModel } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { proposePoints } from "../../src/auto/proposePoints.ts";
import { pointOf, type SettingRange, settingsAt } from "../../src/auto/settingSpace.ts";
import { features, targets } from "../data.ts";

afterAll(closeWorkers);

const SPACE: readonly SettingRange[] = [
  { name: "rate", low: 0.01, high: 1, isLogarithmic: true },
  { name: "leaf", low: 1, high: 5, isWhole: true },
  { name: "share", low: 0.2, high: 1 },
];

describe("settingSpace", () => {
  it("takes the unit cube to the ranges and back, but for the rounding", () => {
    expect(settingsAt(SPACE, [0, 0, 0])).toEqual({ rate: 0.01, leaf: 1, share: 0.2 });
    expect(settingsAt(SPACE, [0.5, 0.5, 0.5])).toEqual({ rate: 0.1, leaf: 3, share: 0.6 });
    expect(settingsAt(SPACE, [1, 0.9, 0.123])).toEqual({ rate: 1, leaf: 5, share: 0.3 });
    expect(pointOf(SPACE, { rate: 0.1, leaf: 2, share: 1 })).toEqual([0.5, 0.25, 1]);
    expect(pointOf(SPACE, { rate: 0.001, leaf: 9, share: 0.2 })).toEqual([0, 1, 0]); // at the border
  });
});

describe("proposePoints", () => {
  const candidates = sobol(256, 2, createRandom(1));
  const at = (row: number): number[] => Array.from(candidates.data.subarray(2 * row, 2 * row + 2));
  /** Least at (0.3, 0.7). */
  const cost = ([a = 0, b = 0]: readonly number[]): number => 1 + (a - 0.3) ** 2 + 2 * (b - 0.7) ** 2;

  it("nears the least of a smooth cost faster than even points do", async () => {
    const seen = Array.from(sobol(8, 2, createRandom(2)).data).flatMap((_, k, all) =>
      k % 2 === 0 ? [{ point: all.slice(k, k + 2), cost: cost(all.slice(k, k + 2)) }] : [],
    );
    for (let round = 0; round < 3; round++) {
      const rows = await proposePoints(seen, candidates, 4, createRandom(round));
      expect(new Set(rows).size).toBe(4);
      seen.push(...rows.map((row) => ({ point: at(row), cost: cost(at(row)) })));
    }
    const even = Array.from({ length: 20 }, (_, row) => cost(at(row)));
    const best = Math.min(...seen.map((one) => one.cost));
    expect(best - 1).toBeLessThan(0.2 * (Math.min(...even) - 1));
  });

  it("takes candidates in order where nothing can be learned: few points, equal or zero costs", async () => {
    const points = [0, 1, 2, 3, 4].map(at);
    const of = (costs: readonly number[]) => costs.map((one, k) => ({ point: points[k] as number[], cost: one }));
    for (const seen of [of([1, 2, 3]), of([1, 1, 1, 1, 1]), of([1, 2, 0, 3, 4]), []]) {
      expect(await proposePoints(seen, candidates, 3, createRandom(1))).toEqual([0, 1, 2]);
    }
  });

  it("takes candidates in order, too, where no gain is a number", async () => {
    const seen = Array.from({ length: 6 }, (_, k) => ({ point: at(k), cost: cost(at(k)) }));
    const odd = createMatrix(4, 2, Float64Array.of(0.1, 1e300, 0.3, 0.7, 1e300, 0.2, 1e300, 1e300));
    const [first, ...others] = await proposePoints(seen, odd, 4, createRandom(1));
    expect(first).toBe(1); // the only one with a gain
    expect(others).toEqual([0, 2, 3]);
  });

  it("is the same for the same seed, and picks no candidate twice", async () => {
    const seen = Array.from({ length: 6 }, (_, k) => ({ point: at(k), cost: cost(at(k)) }));
    const few = createMatrix(5, 2, candidates.data.slice(0, 10));
    const [one, two] = [
      await proposePoints(seen, few, 5, createRandom(3)),
      await proposePoints(seen, few, 5, createRandom(3)),
    ];
    expect(two).toEqual(one);
    expect(one.toSorted()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("a search with many trials", () => {
  interface Entry {
    readonly name: string;
    readonly proposed?: boolean;
  }
  const random = createRandom(5);
  const values = Array.from({ length: 60 * 4 }, () => random.next());
  const x = features(60, 4, values);
  const y = targets(
    Array.from({ length: 60 }, (_, i) => Math.sin(6 * (values[4 * i] ?? 0)) + (values[4 * i + 1] ?? 0)),
  );
  const fit = (trials: number, threads: number, laterSettings?: "grid" | "uniform"): Promise<ForwardModel> =>
    createAuto({ candidates: ["extra-trees", "ridge"], nTrees: 8, folds: 3, trials, laterSettings }).fit(x, y, {
      random: createRandom(1),
      threads,
    });
  const entries = ({ report }: ForwardModel): Entry[] => {
    const { tried, notTried } = report as unknown as { readonly tried: Entry[]; readonly notTried: Entry[] };
    return [...tried, ...notTried];
  };

  it("proposes the later half of the settings, marks them, and is the same for any number of threads", async () => {
    const [one, two] = [await fit(14, 1), await fit(14, 2)]; // 2 learners, 12 settings
    expect(entries(one)).toHaveLength(14);
    expect(entries(one).filter(({ proposed }) => proposed === true)).toHaveLength(6);
    expect(new Set(entries(one).map(({ name }) => name)).size).toBe(14);
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });

  it("draws all where they are few, or where it is told to", async () => {
    const proposed = async (model: Promise<ForwardModel>): Promise<number> =>
      entries(await model).filter((entry) => entry.proposed === true).length;
    expect(await proposed(fit(9, 1))).toBe(0); // 7 settings
    expect(await proposed(fit(14, 1, "grid"))).toBe(0);
    expect(await proposed(fit(14, 1, "uniform"))).toBe(0);
    const drawn = new Set(entries(await fit(14, 1, "grid")).map(({ name }) => name));
    const first = entries(await fit(14, 1)).filter((entry) => entry.proposed !== true);
    expect(first.every(({ name }) => drawn.has(name))).toBe(true);
  });

  it("refuses another way to choose", () => {
    expect(() => createAuto({ laterSettings: "best" as "grid" })).toThrow(/laterSettings must be/);
    expect(createAuto({ laterSettings: "grid" }).toJSON().params).toMatchObject({ laterSettings: "grid" });
    expect(createAuto().toJSON().params).not.toHaveProperty("laterSettings");
  });
});
