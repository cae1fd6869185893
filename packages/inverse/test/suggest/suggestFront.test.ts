import { createMatrix, createRandom } from "@materiome/core";
import { normalCdf } from "@materiome/core/numerics";
import { createSpace, hypervolume, minimisedValues, type Objective, type Point, parseSpec } from "@materiome/inverse";
import { describe, expect, it, test } from "vitest";
import { checkFrontOptions } from "../../src/suggest/checkFrontOptions.ts";
import { suggest } from "../../src/suggest/suggest.ts";
import { exactProcess } from "../exactProcess.ts";

const axis = (name: string) =>
  ({ kind: "continuous", name, role: "process", unit: "", min: 0, max: 1, scale: "linear" }) as const;
const space = createSpace({ variables: [axis("a"), axis("b")], fixed: [], sums: [] });
const objectives: readonly Objective[] = [
  { name: "strength", unit: "MPa", direction: "maximize" },
  { name: "cost", unit: "EUR", direction: "minimize" },
];
/** Both want b = ½; along it strength 1 − a² trades against cost (1 − a)². */
const measure = ([a = 0, b = 0]: Point): readonly number[] => [
  1 - a * a - (b - 0.5) ** 2,
  (1 - a) ** 2 + (b - 0.5) ** 2,
];

function ask(points: readonly Point[], more: object = {}) {
  return suggest({
    space,
    observations: {
      points,
      values: createMatrix(points.length, 2, Float64Array.from(points.flatMap((p) => [...measure(p)]))),
      outcomes: ["strength", "cost"],
      pending: [],
    },
    objectives,
    learner: exactProcess(),
    random: createRandom(5),
    ...more,
  });
}
const start: readonly Point[] = [
  [0.1, 0.1],
  [0.9, 0.2],
  [0.4, 0.9],
  [0.7, 0.6],
].map((p) => Float64Array.from(p));

async function run(more: object): Promise<number> {
  const points = [...start];
  while (points.length < 10) {
    const { suggestions } = await ask(points, { batch: 3, random: createRandom(points.length), ...more });
    points.push(...suggestions.map(({ point }) => point));
  }
  const values = createMatrix(points.length, 2, Float64Array.from(points.flatMap((p) => [...measure(p)])));
  return hypervolume(minimisedValues(values, objectives), [0, 1]);
}

test("fills the front in batches, by hypervolume and by ParEGO", async () => {
  // ∫ over the front: strength s = 1 − a², cost (1 − a)²: ∫₀¹ (1 − (1 − a)²) 2a da = 5/6.
  expect(await run({ referencePoint: [0, 1] })).toBeGreaterThan(0.86 * (5 / 6));
  expect(await run({ method: "parego" })).toBeGreaterThan(0.7 * (5 / 6));
});

test("of several objectives the means under scatter are weighed, by hypervolume and by ParEGO", async () => {
  const disturbance = { deviations: { b: 0.2 } };
  const tried = [0, 0.5, 1].flatMap((a) => [0, 0.5, 1].map((b) => Float64Array.of(a, b)));
  for (const method of ["auto", "parego"] as const) {
    const { suggestions, notes } = await ask(tried, { method, disturbance, batch: 2, referencePoint: [0, 1] });
    expect(suggestions[0]?.method).toMatch(/\(mean under scatter: b ± 0\.2\)$/);
    expect(notes.join()).not.toContain("No tried point");
    const [first] = suggestions;
    expect(first?.underScatter?.map(({ name }) => name)).toEqual(["strength", "cost"]);
    // Both want b = ½: scatter costs strength and adds cost.
    expect(first?.underScatter?.[0]?.mean).toBeLessThan(first?.expected[0]?.mean as number);
    expect(first?.underScatter?.[1]?.mean).toBeGreaterThan(first?.expected[1]?.mean as number);
  }
});

test("of several objectives the worst cases under scatter are weighed, each at its own worst, in batches too", async () => {
  const disturbance = { deviations: { b: 0.2 }, counts: "worst" } as const;
  const tried = [0, 0.5, 1].flatMap((a) => [0, 0.5, 1].map((b) => Float64Array.of(a, b)));
  const { suggestions, expectedGain } = await ask(tried, { disturbance, batch: 2, referencePoint: [-1, 2] });
  for (const { method, underScatter, expected, point, exploitShare } of suggestions) {
    expect(method).toBe("log expected hypervolume improvement of the worst cases (worst under scatter: b ± 0.2)");
    // (b − ½)² is largest about two deviations off, which costs strength and adds cost.
    expect(underScatter?.[0]?.mean).toBeLessThan((expected[0]?.mean as number) - 0.05);
    expect(underScatter?.[1]?.mean).toBeGreaterThan((expected[1]?.mean as number) + 0.05);
    expect(Math.abs((point[1] as number) - 0.5)).toBeLessThan(0.15);
    expect(exploitShare).toBeGreaterThanOrEqual(0);
  }
  expect(suggestions[0]?.point).not.toEqual(suggestions[1]?.point);
  expect(expectedGain).toBeUndefined();
  const five = Array.from({ length: 5 }, () => objectives[0] as Objective);
  expect(() => checkFrontOptions({ disturbance, objectives: five } as never)).toThrow("up to 4 objectives, got 5");
});

test("names the reference point it took, what it expects of each objective, and why", async () => {
  const { suggestions, notes } = await ask(start);
  expect(notes.join()).toMatch(/Reference point .*strength = .* MPa, cost = .* EUR/);
  const [first] = suggestions;
  expect(first?.method).toBe("log expected hypervolume improvement");
  expect(first?.expected.map(({ name }) => name)).toEqual(["strength", "cost"]);
  const [cost] = first?.expected.slice(1) ?? [];
  expect((cost?.lower ?? 1) <= (cost?.mean ?? 0) && (cost?.mean ?? 1) <= (cost?.upper ?? 0)).toBe(true);
  expect(first?.exploitShare).toBeGreaterThanOrEqual(0);
  expect(first?.exploitShare).toBeLessThanOrEqual(1);
  expect(first?.variables.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
});

test("is the same for the same seed, proposes distinct points, and takes pools and noise", async () => {
  const [one, two] = [await ask(start, { batch: 2 }), await ask(start, { batch: 2 })];
  expect(one.suggestions.map(({ point }) => [...point])).toEqual(two.suggestions.map(({ point }) => [...point]));
  expect(new Set(one.suggestions.map(({ point }) => point.join())).size).toBe(2);
  const pool = [0.2, 0.5, 0.8].map((a) => Float64Array.of(a, 0.5));
  const chosen = await ask(start, { pool, batch: 4 });
  expect(chosen.suggestions).toHaveLength(3);
  expect(chosen.notes.join()).toMatch(/Only 3 of 4/);
  const noisy = await ask(start, { method: "noisyExpectedImprovement" });
  expect(noisy.suggestions[0]?.method).toMatch(/^noisy log expected hypervolume/);
});

test("refuses a reference point of another length, and rows that never hold both", async () => {
  await expect(ask(start, { referencePoint: [0] })).rejects.toThrow(/reference point of 2 numbers/);
  const values = createMatrix(4, 2, Float64Array.of(1, Number.NaN, 2, Number.NaN, Number.NaN, 1, Number.NaN, 3));
  const observations = { points: start, values, outcomes: ["strength", "cost"], pending: [] };
  await expect(ask(start, { observations })).rejects.toThrow(/0 rows hold all/);
});

test("keeps to constraints on outcomes, and takes five objectives by ParEGO", async () => {
  const weigh = (p: Point): readonly number[] => [...measure(p), (p[0] as number) + (p[1] as number)];
  const values = createMatrix(4, 3, Float64Array.from(start.flatMap((p) => [...weigh(p)])));
  const observations = { points: start, values, outcomes: ["strength", "cost", "mass"], pending: [] };
  const constraints = [parseSpec("mass<=0.7", [{ name: "mass", unit: "" }])];
  const { suggestions } = await ask(start, { observations, constraints, referencePoint: [0, 1] });
  const [first] = suggestions;
  expect((first?.point[0] as number) + (first?.point[1] as number)).toBeLessThan(0.75);
  expect(first?.feasibleProbability).toBeGreaterThan(0.5);
  expect(first?.expected.map(({ name }) => name)).toEqual(["strength", "cost", "mass"]);
  const names = ["a", "b", "c", "d", "e"];
  const five = createMatrix(4, 5, Float64Array.from(start.flatMap((p) => [...weigh(p), ...measure(p)])));
  const many = await ask(start, {
    observations: { points: start, values: five, outcomes: names, pending: [] },
    objectives: names.map((name) => ({ name, unit: "", direction: "minimize" })),
  });
  expect(many.suggestions[0]?.method).toMatch(/^ParEGO/);
  expect(many.notes.join()).toMatch(/5 objectives are weighed/);
  await expect(ask(start, { method: "knowledgeGradient" })).rejects.toThrow(/pursues one objective, got 2/);
});

test("tells the expected gain in hypervolume, and what noise alone would seem to gain", async () => {
  // The first point is better than all others in both: with the reference (0, 4) it dominates 4 × 4.
  const values = createMatrix(4, 2, Float64Array.of(4, 0, 1, 2, 2, 3, 1, 3));
  const observations = { points: start, values, outcomes: ["strength", "cost"], pending: [] };
  const gains = async (sigma: number) => {
    const noiseStd = { strength: sigma, cost: sigma };
    return ask(start, { observations, referencePoint: [0, 4], noiseStd });
  };
  const [loud, quiet] = [await gains(1.5), await gains(0.01)];
  // E[(4 − z)⁺]² − E[min(4, (4 − z)⁺)]² of z ~ N(0, σ²), the mean of (z)⁻ being σ φ(0).
  const sigma = 1.5;
  const above = 4 * normalCdf(4 / sigma) + (sigma * Math.exp(-((4 / sigma) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
  const within = above - sigma / Math.sqrt(2 * Math.PI);
  expect(loud.noiseGain).toBeCloseTo(above ** 2 - within ** 2, 2);
  expect(quiet.noiseGain).toBeLessThan(0.05);
  expect(loud.expectedGain).toBeGreaterThan(0);
  expect(loud.expectedGain).toBe(quiet.expectedGain);
});

describe("versions of an experiment", () => {
  const method = { ...axis("method"), kind: "category", columnKind: "category", levels: ["test", "model"] } as const;
  const versions = createSpace({ variables: [axis("a"), axis("b"), method], fixed: [], sums: [] });
  const points = start.flatMap((p) => [0, 1].map((m) => Float64Array.of(...p, m)));
  const given = {
    space: versions,
    fixed: [{ name: "method", value: "test", unit: "" }],
    context: ["method"],
    fidelity: { name: "method", costs: { test: 1000, model: 1 } },
    referencePoint: [-1, 2],
  };
  const values = createMatrix(points.length, 2, Float64Array.from(points.flatMap((p) => [...measure(p)])));
  const told = { ...given, observations: { points, values, outcomes: ["strength", "cost"], pending: [] } };

  it("of two objectives: the cheap one where it tells of the other, the one that counts where it tells nothing", async () => {
    const alike = await ask([], { ...told, learner: exactProcess({ lengthScale: 1, noise: 0.3 }) });
    expect(alike.suggestions[0]?.point[2]).toBe(1);
    expect(alike.suggestions[0]?.method).toMatch(/hypervolume improvement; method = model gains most per cost$/);
    const apart = await ask([], { ...told, learner: exactProcess({ lengthScale: 0.1, noise: 0.3 }) });
    expect(apart.suggestions[0]?.point[2]).toBe(0);
  });

  it("of a pool: only those that it lists, at the start and later", async () => {
    const places = [0.2, 0.35, 0.5, 0.65, 0.8].map((a) => [a, 0.5]);
    // The third place can only be modelled, the fourth only tested.
    const pool = places.flatMap((p, i) =>
      [0, 1].filter((m) => !(i === 2 && m === 0) && !(i === 3 && m === 1)).map((m) => Float64Array.of(...p, m)),
    );
    const keys = pool.map((p) => p.join());
    const later = await ask([], { ...told, pool, batch: 8, learner: exactProcess({ lengthScale: 1, noise: 0.3 }) });
    const begun = await ask([], { ...given, pool, batch: 8 });
    for (const { suggestions } of [later, begun]) {
      const asked = suggestions.map(({ point }) => point.join());
      expect(asked.every((key) => keys.includes(key))).toBe(true);
      expect(new Set(asked).size).toBe(asked.length);
      expect(new Set(asked.map((key) => key.slice(0, key.lastIndexOf(",")))).size).toBe(places.length);
    }
  });

  it("are refused where the one that counts has no cost, and so would never be asked for", async () => {
    const costless = { ...told, fidelity: { name: "method", costs: { model: 1 } } };
    await expect(ask([], costless)).rejects.toThrow('"method" = "test", has no cost; give it one, beside "model"');
  });

  it("of more than four objectives is refused, with what would do", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const five = createMatrix(4, 5, new Float64Array(20));
    const asked = ask([], {
      ...given,
      observations: { points: points.slice(0, 4), values: five, outcomes: names, pending: [] },
      objectives: names.map((name) => ({ name, unit: "", direction: "minimize" })),
      referencePoint: undefined,
    });
    await expect(asked).rejects.toThrow(/up to 4 objectives, got 5; leave fidelity out/);
  });
});
