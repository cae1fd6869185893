import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SearchSpace } from "../../src/index.ts";
import type { Evaluated } from "../../src/search/evaluator.ts";
import { selectDiverse } from "../../src/search/selectDiverse.ts";
import { pointDistance } from "../../src/space/points.ts";

const axis = (name: string) =>
  ({ kind: "continuous", name, role: "process", unit: "", min: 0, max: 10, scale: "linear" }) as const;
const space: SearchSpace = { variables: [axis("x"), axis("y")], fixed: [], sums: [] };
const at = (x: number, y: number, probability: number): Evaluated => ({
  point: Float64Array.of(x, y),
  probability,
  margin: 0,
  inDomain: true,
  domainScore: 0,
  means: [0],
});

describe("selectDiverse", () => {
  it("takes the most probable, then the far corners, and ranks them", () => {
    const pool = [at(5, 5, 0.99), at(5.1, 5, 0.98), at(0, 0, 0.7), at(10, 10, 0.8), at(9.9, 10, 0.9)];
    const chosen = selectDiverse(space, pool, { n: 3, minDistance: 0.05 });
    expect(chosen.map((e) => [...e.point])).toEqual([
      [5, 5],
      [10, 10],
      [0, 0],
    ]);
  });

  it("prefers what lies near training rows to the edge of the domain", () => {
    const known = at(9, 5, 0.9);
    const strange: Evaluated = { ...at(10, 5, 0.9), domainScore: 0.9 };
    const chosen = selectDiverse(space, [at(0, 5, 0.95), strange, known], { n: 2, minDistance: 0.05 });
    expect(chosen.map((e) => e.point[0])).toEqual([0, 9]);
  });

  it("returns fewer rather than near copies", () => {
    const pool = [at(5, 5, 0.9), at(5.2, 5, 0.9), at(5, 5.4, 0.9)];
    expect(selectDiverse(space, pool, { n: 3, minDistance: 0.05 })).toHaveLength(1);
    expect(selectDiverse(space, pool, { n: 3, minDistance: 0.04 })).toHaveLength(2);
    expect(selectDiverse(space, [], { n: 3, minDistance: 0 })).toEqual([]);
  });

  it("keeps its least distance, always holds the best, and does not depend on the order of the pool", () => {
    const coordinate = fc.integer({ min: 0, max: 10 });
    const entry = fc.tuple(coordinate, coordinate, fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { minLength: 1, maxLength: 40, selector: ([x, y]) => 11 * x + y }),
        (entries) => {
          const pool = entries.map(([x, y, p]) => at(x, y, p / 100));
          const chosen = selectDiverse(space, pool, { n: 5, minDistance: 0.3 });
          const best = Math.max(...pool.map((e) => e.probability));
          expect(chosen[0].probability).toBe(best);
          for (const [i, a] of chosen.entries()) {
            for (const b of chosen.slice(i + 1)) {
              expect(pointDistance(space, a.point, b.point)).toBeGreaterThanOrEqual(0.3);
              expect(a.probability).toBeGreaterThanOrEqual(b.probability);
            }
          }
          const reversed = selectDiverse(space, [...pool].reverse(), { n: 5, minDistance: 0.3 });
          expect(reversed.map((e) => e.point)).toEqual(chosen.map((e) => e.point));
        },
      ),
      { seed: 4 },
    );
  });
});
