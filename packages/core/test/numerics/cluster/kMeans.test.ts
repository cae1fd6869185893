import { readFileSync } from "node:fs";
import { createMatrix, createRandom, DataError, DomainError } from "@materiome/core";
import { distanceMatrix, kMeans } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly source: string;
  readonly blobs: readonly number[];
  readonly inertia: Readonly<Record<string, number>>;
}

const golden = JSON.parse(
  readFileSync(new URL("../distances/fixtures/distances.json", import.meta.url), "utf8"),
) as Golden;
const blobs = createMatrix(480, 3, Float64Array.from(golden.blobs));

describe("kMeans", () => {
  it.each([2, 5, 8, 20])(`comes within 1 %% of the inertia of ${golden.source}, k = %s`, (k) => {
    const found = kMeans(blobs, k, createRandom(1), { nStarts: 20 });
    expect(found.converged).toBe(true);
    expect(found.inertia).toBeLessThan(1.01 * golden.inertia[k]!);
    expect(found.inertia).toBeGreaterThan(0.99 * golden.inertia[k]!);
  });

  it("ends at a fixed point: labels are nearest centres, centres are means", () => {
    const { centres, labels, inertia } = kMeans(blobs, 7, createRandom(2), { tolerance: 0 });
    const { data } = distanceMatrix(blobs, centres, { metric: "squaredEuclidean" });
    let sum = 0;
    for (let i = 0; i < 480; i++) {
      const row = data.subarray(i * 7, i * 7 + 7);
      expect(row[labels[i]!]).toBe(Math.min(...row));
      sum += row[labels[i]!]!;
    }
    expect(inertia).toBeCloseTo(sum, 9);
    for (let c = 0; c < 7; c++) {
      const own = Array.from(labels.keys()).filter((i) => labels[i] === c);
      const mean = own.reduce((total, i) => total + blobs.data[3 * i]!, 0) / own.length;
      expect(centres.data[3 * c]).toBeCloseTo(mean, 12);
    }
  });

  it("repeats by seed, and handles k = 1, k = n and duplicates", () => {
    expect(kMeans(blobs, 5, createRandom(3))).toEqual(kMeans(blobs, 5, createRandom(3)));
    expect(kMeans(blobs, 1, createRandom(3)).labels.every((l) => l === 0)).toBe(true);
    const four = createMatrix(4, 1, Float64Array.of(1, 5, 9, 2));
    expect(kMeans(four, 4, createRandom(1)).inertia).toBe(0);
    const twice = createMatrix(4, 1, Float64Array.of(1, 1, 9, 9));
    expect(new Set(kMeans(twice, 2, createRandom(1)).labels).size).toBe(2);
    expect(() => kMeans(twice, 3, createRandom(1))).toThrow(DataError);
    expect(() => kMeans(twice, 5, createRandom(1))).toThrow(/1 … 4 \(the points there are\), got 5/);
    expect(() => kMeans(createMatrix(1, 1, Float64Array.of(Number.NaN)), 1, createRandom(1))).toThrow(DomainError);
  });

  it("never leaves a cluster empty on points with many ties", () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = createRandom(seed);
      const grid = createMatrix(
        40,
        2,
        Float64Array.from({ length: 80 }, () => random.int(4)),
      );
      const different = new Set(Array.from({ length: 40 }, (_, i) => `${grid.data[2 * i]} ${grid.data[2 * i + 1]}`))
        .size;
      const k = Math.min(different, 10);
      const found = kMeans(grid, k, createRandom(seed), { nStarts: 2 });
      expect(new Set(found.labels).size).toBe(k);
    }
  });
});
