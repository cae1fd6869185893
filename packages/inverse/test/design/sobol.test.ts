import { readFileSync } from "node:fs";
import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { latinHypercube, SOBOL_MAX_DIMENSIONS, sobol } from "../../src/index.ts";

interface Golden {
  readonly expected: readonly (readonly number[])[];
  readonly source: string;
}

describe("sobol", () => {
  it("agrees with SciPy in 40 dimensions", () => {
    const golden = JSON.parse(readFileSync(new URL("../fixtures/sobol.json", import.meta.url), "utf8")) as Golden;
    const points = sobol(golden.expected.length, SOBOL_MAX_DIMENSIONS);
    golden.expected.forEach((row, i) => {
      expect([...points.data.subarray(i * 40, (i + 1) * 40)]).toEqual(row);
    });
  });

  it("puts one of 2^k points into each of 2^k slices of every dimension, shifted or not", () => {
    for (const random of [undefined, createRandom(3)]) {
      const { data } = sobol(64, 12, random);
      for (let j = 0; j < 12; j++) {
        const slices = new Set(Array.from({ length: 64 }, (_, i) => Math.floor(64 * data[i * 12 + j])));
        expect(slices.size).toBe(64);
      }
    }
  });

  it("differs by seed and repeats by seed", () => {
    expect(sobol(8, 3, createRandom(1)).data).toEqual(sobol(8, 3, createRandom(1)).data);
    expect(sobol(8, 3, createRandom(1)).data).not.toEqual(sobol(8, 3, createRandom(2)).data);
  });

  it("refuses more dimensions than it has numbers for", () => {
    expect(() => sobol(1, 41)).toThrow("1 to 40 dimensions, got 41");
    expect(() => sobol(1, 0)).toThrow(/got 0/);
  });
});

describe("latinHypercube", () => {
  it("puts one point into each slice of every dimension", () => {
    const { data } = latinHypercube(30, 50, createRandom(5));
    for (let j = 0; j < 50; j++) {
      const slices = new Set(Array.from({ length: 30 }, (_, i) => Math.floor(30 * data[i * 50 + j])));
      expect(slices.size).toBe(30);
    }
  });
});
