import { createMatrix, createRandom } from "@materiome/core";
import { expect, test } from "vitest";
import { improvement } from "../../src/acquisition/expectedImprovement.ts";
import type { Objective } from "../../src/objective/objective.ts";
import { createSpace } from "../../src/space/createSpace.ts";
import type { Point } from "../../src/space/points.ts";
import type { SearchSpace } from "../../src/space/searchSpace.ts";
import type { Variable } from "../../src/space/variable.ts";
import { isAllowedPoint } from "../../src/space/violations.ts";
import type { SuggestOptions } from "../../src/suggest/options.ts";
import { suggest } from "../../src/suggest/suggest.ts";
import { exactProcess } from "../exactProcess.ts";

const hardness: Objective = { name: "hardness", unit: "HV", direction: "maximize" };
const learner = exactProcess();
const number = (name: string, min: number, max: number, more = {}): Variable =>
  ({ kind: "continuous", name, role: "process", unit: "", min, max, scale: "linear", ...more }) as Variable;
const medium: Variable = {
  kind: "category",
  name: "medium",
  role: "process",
  unit: "",
  columnKind: "category",
  levels: ["air", "oil", "water"],
};
const box = createSpace({ variables: [number("a", 0, 10), number("b", -1, 1)], fixed: [], sums: [] });
const mixed = createSpace({
  variables: [number("a", 0, 10, { step: 0.5 }), { ...number("n", 1, 8), kind: "integer" } as Variable, medium],
  fixed: [],
  sums: [],
});

function ask(
  space: SearchSpace,
  points: readonly Point[],
  values: readonly number[],
  more: Partial<SuggestOptions> = {},
) {
  return suggest({
    space,
    observations: {
      points,
      values: createMatrix(values.length, 1, Float64Array.from(values)),
      outcomes: ["hardness"],
      pending: [],
    },
    objectives: [hardness],
    learner,
    random: createRandom(7),
    ...more,
  } as SuggestOptions);
}

/** Proposes and measures until `n` points are told. */
async function run(space: SearchSpace, f: (point: Point) => number, n: number, more: Partial<SuggestOptions> = {}) {
  const points: Point[] = [];
  const values: number[] = [];
  while (points.length < n) {
    const { suggestions } = await ask(space, points, values, { ...more, random: createRandom(7).fork(points.length) });
    for (const { point } of suggestions) {
      expect(isAllowedPoint(space, point)).toBe(true);
      points.push(point);
      values.push(f(point));
    }
  }
  return { points, values };
}

test("finds the top of a hill in a box", async () => {
  const { values } = await run(box, ([a, b]) => -((a - 7.3) ** 2) / 20 - (b + 0.4) ** 2, 14);
  expect(Math.max(...values)).toBeGreaterThan(-5e-3);
});

test("finds the best of steps, integers and categories, and proposes nothing twice", async () => {
  const f = ([a, n, m]: Point): number => -Math.abs(a - 6.5) / 5 - Math.abs(n - 3) / 4 - (m === 1 ? 0 : 1);
  const { points, values } = await run(mixed, f, 24);
  expect(Math.max(...values)).toBeCloseTo(0, 10);
  expect(new Set(points.map((p) => p.join("|"))).size).toBe(24);
});

test("proposes from a pool each point once, then says that nothing is left", async () => {
  const pool = Array.from({ length: 6 }, (_, i) => Float64Array.of(i, 0));
  const { points, values } = await run(box, ([a]) => -((a - 4) ** 2), 6, { pool });
  expect(points.map(([a]) => a).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  const after = await ask(box, points, values, { pool });
  expect(after.suggestions).toHaveLength(0);
  expect(after.notes[0]).toMatch(/nothing is left/i);
});

test("points of a batch and pending ones are apart", async () => {
  const points = [0, 2.5, 5, 7.5, 10].map((a) => Float64Array.of(a, 0));
  const values = [0, 1, 2.1, 2, 1];
  const { suggestions } = await ask(box, points, values, { batch: 4 });
  expect(suggestions).toHaveLength(4);
  expect(suggestions[1]?.method).toBe("log expected improvement of the batch");
  for (const [i, one] of suggestions.entries()) {
    for (const other of suggestions.slice(0, i)) {
      expect(Math.hypot((one.point[0] - other.point[0]) / 10, (one.point[1] - other.point[1]) / 2)).toBeGreaterThan(
        0.02,
      );
    }
  }
});

test("held settings stay, and what is expected is in the unit and direction of the outcome", async () => {
  const points = [0, 2.5, 5, 7.5, 10].map((a, i) => Float64Array.of(a, i / 2 - 1));
  const values = [500, 450, 430, 470, 520];
  const result = await ask(box, points, values, {
    objectives: [{ ...hardness, direction: "minimize" }],
    fixed: [{ name: "b", value: 0.25, unit: "" }],
  });
  const [suggestion] = result.suggestions;
  expect(suggestion?.settings[1]).toEqual({ name: "b", value: 0.25, unit: "" });
  const [expected] = suggestion?.expected ?? [];
  expect(expected?.mean).toBeGreaterThan(300);
  expect(expected?.mean).toBeLessThan(520);
  expect(expected?.lower).toBeLessThan(expected?.mean as number);
  expect(expected?.upper).toBeGreaterThan(expected?.mean as number);
  expect(suggestion?.variables.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(result.expectedGain).toBeGreaterThan(0);
});

test("the same observations and seed give the same suggestions", async () => {
  const points = [0, 2.5, 5, 7.5, 10].map((a) => Float64Array.of(a, 0));
  const first = await ask(box, points, [0, 1, 2.1, 2, 1], { batch: 2 });
  const second = await ask(box, points, [0, 1, 2.1, 2, 1], { batch: 2 });
  expect(second).toEqual(first);
});

test("says so where all results are equal", async () => {
  const points = [0, 2.5, 5, 7.5].map((a) => Float64Array.of(a, 0));
  const { notes, suggestions } = await ask(box, points, [1, 1, 1, 1]);
  expect(notes.join()).toContain("equal");
  expect(suggestions[0]?.nearest?.distance).toBeGreaterThan(0.2);
});

test("rows outside the space teach and failed or unmeasured ones are left out", async () => {
  const points = [-20, 2, 5, 7.5, 9].map((a) => Float64Array.of(a, 0));
  const { suggestions } = await ask(box, points, [0, 1, Number.NaN, 2, 1], {
    observations: {
      points,
      values: createMatrix(5, 1, Float64Array.of(0, 1, Number.NaN, 2, 1)),
      outcomes: ["hardness"],
      pending: [],
      failed: Uint8Array.of(0, 0, 1, 0, 0),
    },
  });
  expect(isAllowedPoint(box, suggestions[0]?.point as Point)).toBe(true);
});

test("what nobody can go back to is no best so far, and the gain is over what was reached inside", async () => {
  const points = [-20, 0, 2.5, 5, 7.5, 10].map((a) => Float64Array.of(a, 0));
  const gainOver = async (best: number | undefined, values: readonly number[]): Promise<void> => {
    const { suggestions, expectedGain } = await ask(box, points, values);
    const [{ mean = 0, std = 0 } = {}] = suggestions[0]?.expected ?? [];
    expect(expectedGain).toBeCloseTo(improvement(mean - (best ?? Number.NaN), std), 2);
  };
  await gainOver(2.2, [90, 0, 1, 2.1, 2.2, 1]);
  // 0.1 beyond a bound is as near as a furnace comes to it.
  points[5] = Float64Array.of(10.1, 0);
  await gainOver(3, [90, 0, 1, 2.1, 2.2, 3]);
});

test("where nothing was tried inside, the best so far is what is expected there", async () => {
  const points = [-20, -15, -10, -6].map((a) => Float64Array.of(a, 0));
  const { expectedGain, notes } = await ask(box, points, [90, 60, 30, 10]);
  expect(notes).toContain(
    "Nothing was tried yet inside the space: the best so far is the largest mean expected there.",
  );
  // Over 90, which lies elsewhere, nothing would be gained.
  expect(expectedGain).toBeGreaterThan(1);
});

const hills = [0, 2.5, 5, 7.5, 10].flatMap((a) => [-0.8, 0.1, 0.7].map((b) => Float64Array.of(a, b)));
const height = ([a, b]: Point): number => -((a - 6) ** 2) / 20 - b * b;

test("every method proposes allowed new points, in batches too", async () => {
  for (const method of [
    "expectedImprovement",
    "noisyExpectedImprovement",
    "upperConfidenceBound",
    "thompsonSampling",
    "knowledgeGradient",
    "maxValueEntropy",
  ] as const) {
    const { suggestions } = await ask(box, hills, hills.map(height), { method, batch: 2 });
    expect(suggestions, method).toHaveLength(2);
    for (const { point } of suggestions) {
      expect(isAllowedPoint(box, point)).toBe(true);
      expect(Math.abs(point[0] - 6), method).toBeLessThan(4);
    }
    expect(suggestions[0]?.point, method).not.toEqual(suggestions[1]?.point);
    expect(suggestions[0]?.acquisition, method).not.toBeNaN();
  }
});

test("keeps outcome constraints, and looks for a point that meets them where none does", async () => {
  const values = createMatrix(hills.length, 2, Float64Array.from(hills.flatMap((p) => [height(p), p[0]])));
  const observations = { points: hills, values, outcomes: ["hardness", "cost"], pending: [] };
  const limit = (high: number) => [{ target: "cost", unit: "", relation: "<=", high } as const];
  const near = await ask(box, hills, [], { observations, constraints: limit(4) });
  expect(near.suggestions[0]?.point[0]).toBeLessThan(5);
  expect(near.suggestions[0]?.feasibleProbability).toBeGreaterThan(0.3);
  expect(near.suggestions[0]?.expected.map(({ name }) => name)).toEqual(["hardness", "cost"]);
  const none = await ask(box, hills, [], { observations, constraints: limit(-0.5) });
  expect(none.suggestions[0]?.method).toBe("log probability of feasibility");
  expect(none.notes.join()).toContain("No tried point");
  const probable = await ask(box, hills, [], { observations, constraints: limit(4), method: "specProbability" });
  expect(probable.suggestions[0]?.feasibleProbability).toBeGreaterThan(0.9);
});

test("keeps constraints under scatter, further from the limit the more it scatters", async () => {
  // Higher is better up to the limit of cost.
  const line = createSpace({ variables: [number("a", 0, 10)], fixed: [], sums: [] });
  const tried = [1, 3, 4, 5, 7, 9].map((a) => Float64Array.of(a));
  const values = createMatrix(6, 2, Float64Array.from(tried.flatMap(([a = 0]) => [a, a])));
  const observations = { points: tried, values, outcomes: ["hardness", "cost"], pending: [] };
  const constraints = [{ target: "cost", unit: "", relation: "<=", high: 6 } as const];
  const given = { observations, constraints, learner: exactProcess({ lengthScale: 0.5 }) };
  const at = async (more: Partial<SuggestOptions>) =>
    (await ask(line, tried, [], { ...given, ...more })).suggestions[0];
  const exact = await at({});
  const scattered = await at({ disturbance: { deviations: { a: 0.7 } } });
  const more = await at({ disturbance: { deviations: { a: 1.2 }, counts: "worst" } });
  const [atExact, atScattered, atMore] = [exact, scattered, more].map((one) => one?.point[0] as number);
  expect(atExact).toBeGreaterThan(5.5);
  expect(atScattered).toBeLessThan((atExact as number) - 0.7);
  expect(atMore).toBeLessThan(atScattered as number);
  const safest = await at({ method: "specProbability", disturbance: { deviations: { a: 0.7 } } });
  expect(safest?.method).toBe("log probability of the spec (mean under scatter: a ± 0.7)");
  expect(safest?.feasibleProbability).toBeGreaterThan(scattered?.feasibleProbability as number);
});

test("keeps away from where experiments failed", async () => {
  const failed = Uint8Array.from(hills, ([a]) => Number(a > 4));
  const values = createMatrix(
    hills.length,
    1,
    Float64Array.from(hills, (p, i) => (failed[i] ? Number.NaN : height(p))),
  );
  const observations = { points: hills, values, outcomes: ["hardness"], pending: [], failed };
  const { suggestions } = await ask(box, hills, [], { observations });
  expect(suggestions[0]?.point[0]).toBeLessThan(5);
  expect(suggestions[0]?.feasibleProbability).toBeLessThan(1);
});

test("improvement per cost prefers what is cheap", async () => {
  const dear = await ask(box, hills, hills.map(height));
  const cheap = await ask(box, hills, hills.map(height), { cost: "exp(2 * a)" });
  expect(cheap.suggestions[0]?.point[0]).toBeLessThan(dear.suggestions[0]?.point[0] as number);
  expect(cheap.suggestions[0]?.method).toBe("log expected improvement per cost");
  await expect(ask(box, hills, hills.map(height), { cost: () => 0 })).rejects.toThrow(/costs must be/);
});

test("under disturbance a broad hill beats a sharp one", async () => {
  const sharp = ([a]: Point): number => Math.exp(-(((a - 2) / 0.6) ** 2)) * 1.2 + Math.exp(-(((a - 7) / 3) ** 2));
  const points = Array.from({ length: 21 }, (_, i) => Float64Array.of(i / 2, 0));
  for (const counts of ["mean", "worst"] as const) {
    const { suggestions } = await ask(box, points, points.map(sharp), {
      learner: exactProcess({ lengthScale: 0.1 }),
      pool: [Float64Array.of(2.2, 0), Float64Array.of(7.2, 0)],
      disturbance: { deviations: { a: 1 }, counts },
    });
    expect(suggestions[0]?.point[0], counts).toBe(7.2);
  }
  const exact = await ask(box, points, points.map(sharp), {
    learner: exactProcess({ lengthScale: 0.1 }),
    pool: [Float64Array.of(2.2, 0), Float64Array.of(7.2, 0)],
  });
  expect(exact.suggestions[0]?.point[0]).toBe(2.2);
});

test("points of a batch share what is asked to be shared", async () => {
  const { suggestions } = await ask(box, hills, hills.map(height), { batch: 3, sharedInBatch: ["a"] });
  expect(new Set(suggestions.map(({ point }) => point[0])).size).toBe(1);
  expect(new Set(suggestions.map(({ point }) => point[1])).size).toBe(3);
  const start = await ask(box, [], [], { batch: 3, sharedInBatch: ["a"] });
  expect(new Set(start.suggestions.map(({ point }) => point[0])).size).toBe(1);
});

test("finds the optimum of a mixture whose shares add up, on its edge", async () => {
  const names = ["x", "y", "z", "w"];
  const mixture = createSpace({
    variables: names.map((name) => number(name, 0, 1)),
    fixed: [],
    sums: [{ columns: names, total: 1, tolerance: 1e-6 }],
  });
  const { values } = await run(mixture, ([x, y, z]) => -((x - 0.5) ** 2) - (y - 0.5) ** 2 - 0.3 * z, 16);
  expect(Math.max(...values)).toBeGreaterThan(-5e-3);
});

test("a trust region is used where it is asked for, and said", async () => {
  const { notes, suggestions } = await ask(box, hills, hills.map(height), { trustRegion: true, nInitial: 15 });
  expect(notes.join()).toContain("Trust region");
  expect(isAllowedPoint(box, suggestions[0]?.point as Point)).toBe(true);
});

test("refuses what it cannot use, and says what would do", async () => {
  const points = [Float64Array.of(1, 0)];
  await expect(ask(box, points, [1], { objectives: [{ ...hardness, name: "hardnes" }] })).rejects.toThrow(
    /did you mean "hardness"/,
  );
  await expect(ask(box, points, [1], { objectives: [{ name: "hardness", unit: "HV" } as Objective] })).rejects.toThrow(
    /direction/,
  );
  await expect(ask(box, points, [Number.POSITIVE_INFINITY])).rejects.toThrow(/NaN where nothing was measured/);
  await expect(ask(box, [Float64Array.of(1)], [1])).rejects.toThrow(/2 finite numbers/);
  await expect(ask(box, points, [1], { batch: 0 })).rejects.toThrow(/batch/);
  await expect(ask(box, points, [1], { fixed: [{ name: "b", value: 4, unit: "" }] })).rejects.toThrow(
    /b = 4 lies outside -1 … 1/,
  );
  await expect(ask(box, points, [1], { pool: [Float64Array.of(50, 0)] })).rejects.toThrow(/no point of the pool/);
});

test("variances of measurements that the learner cannot use are refused", async () => {
  const points = [Float64Array.of(1, 0), Float64Array.of(2, 0)];
  const observations = {
    points,
    values: createMatrix(2, 1, Float64Array.of(100, 120)),
    outcomes: ["hardness"],
    noiseVariance: createMatrix(2, 1, Float64Array.of(4, 4)),
    pending: [],
  };
  await expect(ask(box, [], [], { observations })).rejects.toThrow(/learner cannot use; take one that supports/);
});

test("a confidence bound of no deviation stays near the best, one of many goes where nothing is known", async () => {
  const told = [1, 2, 3].map((a) => Float64Array.of(a, 0));
  const pool = [Float64Array.of(2.2, 0), Float64Array.of(9.5, 0.5)];
  const first = async (more: Partial<SuggestOptions>) =>
    (await ask(box, told, [1, 3, 1], { pool, nInitial: 3, method: "upperConfidenceBound", ...more })).suggestions[0]
      ?.point[0];
  expect(await first({ deviations: 0 })).toBe(2.2);
  expect(await first({ deviations: 100 })).toBe(9.5);
  await expect(first({ deviations: -1 })).rejects.toThrow(/deviations must be a finite number of at least 0, got -1/);
  await expect(first({ deviations: 1, method: "auto" })).rejects.toThrow(/belong to the method "upperConfidenceBound"/);
});

test("what was optimised is said, and a gain only by methods that look for it", async () => {
  const values = hills.map(height);
  const scattered = { deviations: { a: 0.5 } };
  const mean = await ask(box, hills, values, { disturbance: scattered });
  expect(mean.suggestions[0]?.method).toBe("log expected improvement (mean under scatter: a ± 0.5)");
  expect(mean.expectedGain).toBeGreaterThan(0);
  expect(mean.suggestions[0]?.exploitShare).toBeDefined();
  const worst = await ask(box, hills, values, { disturbance: { ...scattered, counts: "worst" }, batch: 2 });
  expect(worst.suggestions.map(({ method }) => method)).toEqual([
    "log expected improvement of the worst case (worst under scatter: a ± 0.5)",
    "log expected improvement of the worst case (worst under scatter: a ± 0.5), locally penalised",
  ]);
  // The worst of a hill's surroundings is below their mean, and that below its top.
  const [atMean, atWorst] = [mean, worst].map(({ suggestions: [first] }) => first);
  expect(atWorst?.underScatter?.[0]?.mean).toBeLessThan(atWorst?.expected[0]?.mean as number);
  expect(atMean?.underScatter?.[0]?.mean).toBeLessThan(atMean?.expected[0]?.mean as number);
  expect(mean.suggestions[0]?.underScatter?.[0]?.std).toBeGreaterThan(0);
  expect([worst.expectedGain, worst.suggestions[0]?.exploitShare]).toEqual([undefined, undefined]);
  const bound = await ask(box, hills, values, { method: "upperConfidenceBound", deviations: 1.5 });
  expect(bound.suggestions[0]?.method).toBe("upper confidence bound (mean + 1.5 deviations)");
  expect(bound.expectedGain).toBeUndefined();
});

test.each<[string, Partial<SuggestOptions>, RegExp]>([
  ["a spec to meet without one", { method: "specProbability" }, /needs something to meet/],
  ["a bound per cost", { method: "upperConfidenceBound", cost: "a" }, /cannot be divided by a cost/],
  ["a drawn function per cost", { method: "thompsonSampling", cost: "a" }, /cannot be divided by a cost/],
  [
    "a drawn function under scatter",
    { method: "thompsonSampling", disturbance: { deviations: { a: 1 } } },
    /does not know the mean under a disturbance; take one of auto, .*upperConfidenceBound/,
  ],
  [
    "a reference point of one objective",
    { referencePoint: [0] },
    /a reference point is of several objectives, got one/,
  ],
  [
    "the bound of a worst case",
    { method: "upperConfidenceBound", disturbance: { deviations: { a: 1 }, counts: "worst" } },
    /does not know the worst under a disturbance; take one of auto, logExpectedImprovement, expectedImprovement,/,
  ],
  ["scatter of nothing", { disturbance: { deviations: {} } }, /names no variable/],
  ["scatter of another name", { disturbance: { deviations: { aa: 1 } } }, /"aa" is no variable.*there are: a, b/],
  ["scatter of no width", { disturbance: { deviations: { a: 0 } } }, /must be above 0, got 0/],
])("refuses %s, before there is a model too", async (_, more, says) => {
  await expect(ask(box, [], [], more)).rejects.toThrow(says);
});
