import { createRandom, DomainError } from "@materiome/core";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

describe("voronoiGrains", () => {
  it("gives every pixel to its nearest seed", () => {
    // Without relaxation the seeds are the first numbers of the stream, so brute force can repeat them.
    const [width, height, n] = [61, 47, 40];
    const labels = voronoiGrains({ width, height, nGrains: n, relaxations: 0 }, createRandom(3));
    const random = createRandom(3);
    const seeds = Array.from({ length: n }, () => [random.next() * width, random.next() * height] as const);
    const nearest = Array.from(labels.data, (_, i) => {
      const d = seeds.map(([x, y]) => (x - (i % width)) ** 2 + (y - Math.floor(i / width)) ** 2);
      return d.indexOf(Math.min(...d));
    });
    for (let i = 1; i < nearest.length; i++) {
      if (i % width !== 0) expect(labels.data[i] === labels.data[i - 1]).toBe(nearest[i] === nearest[i - 1]);
    }
  });

  it("relaxes towards equal areas", () => {
    const spread = (relaxations: number): number => {
      const { data } = voronoiGrains({ width: 300, height: 300, nGrains: 200, relaxations }, createRandom(5));
      const areas = new Map<number, number>();
      for (const label of data) areas.set(label, (areas.get(label) ?? 0) + 1);
      const mean = data.length / areas.size;
      return Math.sqrt([...areas.values()].reduce((s, a) => s + (a - mean) ** 2, 0) / areas.size) / mean;
    };
    // Poisson–Voronoi cells in the plane: variance 0.280 of unit mean area (Gilbert 1962), so a spread of 0.53.
    expect(spread(0)).toBeGreaterThan(0.45);
    expect(spread(0)).toBeLessThan(0.62);
    expect(spread(5)).toBeLessThan(0.3);
  });

  it("repeats for a seed and handles one grain", () => {
    const size = { width: 30, height: 20, nGrains: 9 };
    expect(voronoiGrains(size, createRandom(1)).data).toEqual(voronoiGrains(size, createRandom(1)).data);
    expect(new Set(voronoiGrains({ ...size, nGrains: 1 }, createRandom(1)).data)).toEqual(new Set([1]));
  });

  it("refuses more seeds than pixels", () => {
    expect(() => voronoiGrains({ width: 3, height: 3, nGrains: 10 }, createRandom(1))).toThrow(DomainError);
  });
});
