import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { kMedoids } from "../../../src/invert/routes/kMedoids.ts";

function distancesOf(points: readonly (readonly number[])[]): Matrix {
  const n = points.length;
  return createMatrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => {
      const [a, b] = [points[Math.floor(at / n)], points[at % n]];
      return Math.hypot(...a.map((value, k) => value - b[k]));
    }),
  );
}
const ones = (n: number) => new Float64Array(n).fill(1);

describe("kMedoids", () => {
  it("finds clusters and their middles, with the silhouette that scikit-learn computes", () => {
    const points = [
      [0, 0],
      [0, 1],
      [1, 0],
      [5, 5],
      [5, 6],
      [6, 5.5],
      [0, 5],
    ];
    const { medoids, assigned, silhouette } = kMedoids(distancesOf(points), ones(7), 2);
    expect(medoids.toSorted()).toEqual([1, 3]);
    const first = assigned[0];
    expect(Array.from(assigned, (c) => Number(c === first))).toEqual([1, 1, 1, 0, 0, 0, 1]);
    // sklearn.metrics.silhouette_score(points, [0, 0, 0, 1, 1, 1, 0]), scikit-learn 1.x
    expect(silhouette).toBeCloseTo(0.6683886511397196, 9);
  });

  it("is as good as the best of all choices on small sets", () => {
    const random = createRandom(5);
    let found = 0;
    for (let trial = 0; trial < 10; trial++) {
      const points = Array.from({ length: 9 }, () => [random.next(), random.next()]);
      const distances = distancesOf(points);
      const weights = Float64Array.from(points, () => 0.2 + random.next());
      let least = Number.POSITIVE_INFINITY;
      for (let a = 0; a < 9; a++) {
        for (let b = 0; b < a; b++) {
          const cost = points.reduce(
            (sum, _, i) => sum + weights[i] * Math.min(distances.data[i * 9 + a], distances.data[i * 9 + b]),
            0,
          );
          least = Math.min(least, cost);
        }
      }
      const { cost } = kMedoids(distances, weights, 2);
      expect(cost).toBeLessThan(1.15 * least);
      if (cost < least * (1 + 1e-9)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(9);
  });

  it("counts a point of weight 3 like three points", () => {
    const heavy = kMedoids(distancesOf([[0], [1], [5]]), Float64Array.of(1, 1, 3), 1);
    const thrice = kMedoids(distancesOf([[0], [1], [5], [5], [5]]), ones(5), 1);
    expect([heavy.medoids[0], heavy.cost]).toEqual([thrice.medoids[0], thrice.cost]);
  });

  it("refuses more clusters than points", () => {
    expect(() => kMedoids(distancesOf([[0], [1]]), ones(2), 3)).toThrow("from 1 to 2");
  });
});
