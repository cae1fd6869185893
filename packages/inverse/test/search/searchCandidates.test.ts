import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import type { SearchSpace } from "../../src/index.ts";
import type { Evaluate } from "../../src/search/evaluator.ts";
import { searchCandidates } from "../../src/search/searchCandidates.ts";
import { byProbability } from "../../src/search/selectDiverse.ts";
import type { Point } from "../../src/space/points.ts";
import { isAllowedPoint } from "../../src/space/violations.ts";

const axis = (i: number) =>
  ({
    kind: "continuous",
    name: `x${i}`,
    role: "process",
    unit: "",
    min: 0,
    max: 1,
    step: 0.001,
    scale: "linear",
  }) as const;
const cube = (d: number): SearchSpace => ({
  variables: Array.from({ length: d }, (_, i) => axis(i)),
  fixed: [],
  sums: [],
});
const scored = (score: (p: Point) => number, inDomain: (p: Point) => boolean = () => true): Evaluate => {
  return async (points) =>
    points.map((point) => ({
      point,
      probability: score(point),
      margin: 3 + Math.log(score(point)) / 10,
      inDomain: inDomain(point),
      domainScore: inDomain(point) ? 0 : 2,
      means: [score(point)],
    }));
};
const gaussian = (centre: number) => (p: Point) =>
  Math.exp(-p.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (2 * 0.15 ** 2));

describe("searchCandidates", () => {
  it("finds a narrow optimum in eight dimensions with 4000 predictions", async () => {
    // The region of probability above 0.9 has 2.4e-8 of the volume: chance does not find it.
    const options = { random: createRandom(1), seeds: [], maxEvaluations: 4000 };
    const { evaluated, isExhaustive } = await searchCandidates(cube(8), scored(gaussian(0.37)), options);
    expect(isExhaustive).toBe(false);
    expect(evaluated.length).toBeLessThanOrEqual(4000);
    expect(Math.max(...evaluated.map((e) => e.probability))).toBeGreaterThan(0.9);
  });

  it("follows a thin domain from known settings to a better one outside their range", async () => {
    const seeds = Array.from({ length: 20 }, (_, i) => new Float64Array(8).fill(0.03 * i));
    const band = (p: Point): boolean => p.every((x) => Math.abs(x - p[0]) < 0.05);
    const options = { random: createRandom(2), seeds, maxEvaluations: 4000 };
    const { evaluated } = await searchCandidates(cube(8), scored(gaussian(0.8), band), options);
    const inside = evaluated.filter((e) => e.inDomain).sort(byProbability);
    expect(inside[0].probability).toBeGreaterThan(0.9);
  });

  it("enumerates a small space once", async () => {
    const small: SearchSpace = {
      variables: [
        { ...axis(0), step: 0.25 },
        { kind: "integer", name: "n", role: "process", unit: "", min: 1, max: 3 },
        { kind: "category", name: "gas", role: "process", unit: "", columnKind: "category", levels: ["a", "b"] },
      ],
      fixed: [],
      sums: [],
    };
    const options = { random: createRandom(1), seeds: [], maxEvaluations: 100 };
    const { evaluated, isExhaustive } = await searchCandidates(small, scored(gaussian(0)), options);
    expect(isExhaustive).toBe(true);
    expect(new Set(evaluated.map((e) => e.point.join("|"))).size).toBe(5 * 3 * 2);
    expect(evaluated).toHaveLength(30);
  });

  it("keeps amounts that add up together", async () => {
    const shares: SearchSpace = { ...cube(3), sums: [{ columns: ["x0", "x1", "x2"], total: 1, tolerance: 1e-9 }] };
    const score = (p: Point): number => Math.exp(-((p[0] - 0.2) ** 2 + (p[1] - 0.7) ** 2) / (2 * 0.05 ** 2));
    const seeds = [Float64Array.of(0.4, 0.3, 0.3), Float64Array.of(0.1, 0.1, 0.8)];
    const options = { random: createRandom(3), seeds, maxEvaluations: 3000 };
    const { evaluated } = await searchCandidates(shares, scored(score), options);
    for (const { point } of evaluated) expect(isAllowedPoint(shares, point)).toBe(true);
    expect([...[...evaluated].sort(byProbability)[0].point]).toEqual([
      expect.closeTo(0.2, 1),
      expect.closeTo(0.7, 1),
      expect.closeTo(0.1, 1),
    ]);
    expect(evaluated.length).toBeGreaterThan(500);
  });
});
