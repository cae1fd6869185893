import { readFileSync } from "node:fs";
import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { centredDiscrepancy, latinHypercube, SOBOL_MAX_DIMENSIONS, sobol } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly source: string;
  readonly sobol: readonly (readonly number[])[];
  readonly sobolChecksums: readonly number[];
  readonly design: readonly number[];
  readonly discrepancy: number;
  readonly randomDesigns: readonly number[];
  readonly optimisedDesigns: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/sampling.json", import.meta.url), "utf8")) as Golden;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("sobol", () => {
  it(`equals ${golden.source} in all 1111 dimensions`, () => {
    const { data } = sobol(40, SOBOL_MAX_DIMENSIONS);
    golden.sobol.forEach((row, i) => {
      expect([...data.subarray(i * 1111, i * 1111 + 12)].map((x) => x * 2 ** 32)).toEqual(row);
      let sum = 0n;
      for (let j = 0; j < 1111; j++) sum += BigInt(data[i * 1111 + j]! * 2 ** 32) * BigInt((2 * j + 1) % 1000003);
      expect(Number(sum % (2n ** 32n - 5n))).toBe(golden.sobolChecksums[i]);
    });
  });

  it.each([undefined, "shift", "owen"] as const)("goes on where an earlier call ended (%s)", (scramble) => {
    const draw = (nPoints: number, skip: number): Float64Array =>
      sobol(nPoints, 5, scramble === undefined ? undefined : createRandom(6), { scramble, skip }).data;
    const whole = draw(40, 0);
    for (const skip of [1, 7, 16, 31]) expect(draw(40 - skip, skip)).toEqual(whole.subarray(5 * skip));
    expect(() => draw(1, 2 ** 31)).toThrow("got 1 after 2147483648");
    expect(() => draw(1, -1)).toThrow("after -1");
  });

  it.each([undefined, "shift", "owen"] as const)(
    "puts one of 2^k points into each slice of every dimension (%s)",
    (scramble) => {
      const random = scramble === undefined ? undefined : createRandom(3);
      const { data } = sobol(64, 200, random, { scramble });
      for (let j = 0; j < 200; j++) {
        expect(new Set(Array.from({ length: 64 }, (_, i) => Math.floor(64 * data[i * 200 + j]!))).size).toBe(64);
      }
    },
  );

  it("keeps the net in two dimensions under Owen's scrambling: one point in each of 8 × 8 boxes, of any of the shapes", () => {
    const { data } = sobol(64, 2, createRandom(4), { scramble: "owen" });
    for (let a = 0; a <= 6; a++) {
      const boxes = new Set<string>();
      for (let i = 0; i < 64; i++) {
        boxes.add(`${Math.floor(data[2 * i]! * 2 ** a)} ${Math.floor(data[2 * i + 1]! * 2 ** (6 - a))}`);
      }
      expect(boxes.size).toBe(64);
    }
  });

  it("integrates a smooth function better when scrambled as Owen does, without bias", () => {
    const integrate = (scramble: "shift" | "owen", seed: number): number => {
      const { data } = sobol(256, 3, createRandom(seed), { scramble });
      let sum = 0;
      for (let i = 0; i < 256; i++) sum += Math.exp(data[3 * i]! + data[3 * i + 1]! - data[3 * i + 2]!);
      return sum / 256 - (Math.E - 1) ** 2 * (1 - 1 / Math.E);
    };
    const errors = (scramble: "shift" | "owen"): number[] =>
      Array.from({ length: 40 }, (_, seed) => integrate(scramble, seed));
    const rms = (values: number[]): number => Math.sqrt(mean(values.map((v) => v * v)));
    const owen = errors("owen");
    expect(rms(owen)).toBeLessThan(0.5 * rms(errors("shift")));
    expect(Math.abs(mean(owen))).toBeLessThan((4 * rms(owen)) / Math.sqrt(40));
  });

  it("differs by seed, repeats by seed, and refuses what it has no numbers for", () => {
    for (const scramble of ["shift", "owen"] as const) {
      expect(sobol(8, 3, createRandom(1), { scramble }).data).toEqual(sobol(8, 3, createRandom(1), { scramble }).data);
      expect(sobol(8, 3, createRandom(1), { scramble }).data).not.toEqual(
        sobol(8, 3, createRandom(2), { scramble }).data,
      );
    }
    expect(() => sobol(1, 1112)).toThrow("1 to 1111 dimensions, got 1112");
    expect(() => sobol(1, 0)).toThrow(/got 0/);
  });
});

describe("latinHypercube", () => {
  const slicesOf = ({ data, rows, columns }: Matrix, j: number): number[] =>
    Array.from({ length: rows }, (_, i) => Math.floor(rows * data[i * columns + j]!));

  it.each(["none", "discrepancy", "maximin"] as const)(
    "puts one point into each slice of every dimension (%s)",
    (optimise) => {
      for (const placement of ["random", "centred"] as const) {
        const design = latinHypercube(30, 6, createRandom(5), { optimise, placement });
        for (let j = 0; j < 6; j++) expect(new Set(slicesOf(design, j)).size).toBe(30);
        if (placement === "centred") for (const x of design.data) expect((x * 30) % 1).toBeCloseTo(0.5, 9);
      }
    },
  );

  it("lowers the discrepancy at least to where SciPy's random-cd gets", () => {
    const of = (optimise: "none" | "discrepancy"): number[] =>
      Array.from({ length: 5 }, (_, s) => centredDiscrepancy(latinHypercube(30, 5, createRandom(s), { optimise })));
    expect(mean(of("none"))).toBeLessThan(1.4 * mean(golden.randomDesigns));
    expect(mean(of("none"))).toBeGreaterThan(0.7 * mean(golden.randomDesigns));
    expect(mean(of("discrepancy"))).toBeLessThan(1.05 * mean(golden.optimisedDesigns));
  });

  it("spreads the nearest pair", () => {
    const nearest = ({ data, rows, columns }: Matrix): number => {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < i; j++) {
          let sum = 0;
          for (let k = 0; k < columns; k++) sum += (data[i * columns + k]! - data[j * columns + k]!) ** 2;
          least = Math.min(least, sum);
        }
      }
      return Math.sqrt(least);
    };
    const of = (optimise: "none" | "maximin"): number =>
      mean(Array.from({ length: 5 }, (_, s) => nearest(latinHypercube(20, 3, createRandom(s), { optimise }))));
    expect(of("maximin")).toBeGreaterThan(1.7 * of("none"));
  });

  it("refuses fractional sizes", () => {
    expect(() => latinHypercube(2.5, 3, createRandom(1))).toThrow("latinHypercube: needs whole sizes, got 2.5 × 3");
  });
});

describe("centredDiscrepancy", () => {
  it("equals SciPy's", () => {
    const design = createMatrix(20, 5, Float64Array.from(golden.design));
    expect(centredDiscrepancy(design)).toBeCloseTo(golden.discrepancy, 14);
    expect(centredDiscrepancy(createMatrix(1, 1, Float64Array.of(0.5)))).toBeCloseTo(1 / 12, 15);
  });

  it("names the point that is not in the cube", () => {
    expect(() => centredDiscrepancy(createMatrix(2, 2, Float64Array.of(0, 1, 0.5, 7)))).toThrow(
      /point 1 has 7 in dimension 1/,
    );
  });
});
