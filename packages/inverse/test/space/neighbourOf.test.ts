import { createRandom } from "@materiome/core";
import { neighbourOf, type Point, sampleSpace, violationsOf } from "@materiome/inverse";
import { expect, it } from "vitest";
import { searchCandidates } from "../../src/search/searchCandidates.ts";
import { choice, number, numbers, space, sumOf } from "./spaces.ts";

const names = sumOf(6, 1).columns;
const alloy = space(
  [
    ...numbers(6, 0, 0.7, { step: 0.01, role: "composition" }),
    choice("route", ["cast", "quenched"]),
    number("bath", 20, 80, { when: { name: "route", in: ["quenched"] } }),
    number("t1", 1, 100, { scale: "log" }),
    number("t2", 1, 100, { scale: "log" }),
  ],
  {
    sums: [sumOf(6, 1)],
    constraints: [
      { kind: "presence", names, max: 3, least: 0.05 },
      { kind: "order", below: "t1", above: "t2" },
      { kind: "ratio", numerator: "x0", denominator: "x1", max: 2 },
      { kind: "expression", text: "t1 * t2 < 900" },
      {
        kind: "forbidden",
        when: [
          { name: "route", in: ["quenched"] },
          { name: "x5", min: 0.3 },
        ],
      },
    ],
  },
);

it("moves to allowed points nearby, and reaches every selection and branch", () => {
  const random = createRandom(1);
  let [point] = sampleSpace(alloy, 1, random) as [Point];
  const seen = new Set<string>();
  for (let i = 0; i < 1500; i++) {
    const next = neighbourOf(alloy, point, random);
    if (next === undefined) continue;
    expect(violationsOf(alloy, next)).toEqual([]);
    point = next;
    seen.add(`${names.filter((_, j) => (point[j] as number) > 0).join()} ${point[6]}`);
  }
  expect(seen.size).toBeGreaterThan(30);
  expect(() => neighbourOf(alloy, point, random, { scale: 0 })).toThrow("scale must be above 0");
});

it("lets the search find a narrow optimum under constraints, without ever trying what they forbid", async () => {
  const goal = Float64Array.of(0, 0.3, 0.5, 0, 0.2, 0, 1, 40, 10, 50);
  expect(violationsOf(alloy, goal)).toEqual([]);
  const score = (p: Point): number =>
    Number.isNaN(p[7] as number)
      ? 0
      : Math.exp(
          -(
            50 * p.slice(0, 6).reduce((s, x, j) => s + (x - (goal[j] as number)) ** 2, 0) +
            (((p[7] as number) - 40) / 20) ** 2
          ),
        );
  const forbidden: Point[] = [];
  const { evaluated } = await searchCandidates(
    alloy,
    async (points) =>
      points.map((point) => {
        if (violationsOf(alloy, point).length > 0) forbidden.push(point);
        return { point, probability: score(point), margin: 0, inDomain: true, domainScore: 0, means: [0] };
      }),
    { random: createRandom(2), seeds: [], maxEvaluations: 2500 },
  );
  expect(forbidden).toEqual([]);
  expect(Math.max(...evaluated.map((e) => e.probability))).toBeGreaterThan(0.95);
});
