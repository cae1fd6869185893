import { createRandom, DomainError } from "@materiome/core";
import { chordLengths, linealPath } from "@materiome/microstructure/statistics";
import { describe, expect, it } from "vitest";
import { bernoulli, binary, expectClose, golden, ofBits, voidsBetweenDiscs } from "./reference.ts";

const { width, height, a } = golden.twoPoint;
const phase = ofBits(a, width, height);

describe("linealPath", () => {
  it("agrees with looking at each segment, in four directions", () => {
    for (const { directionDeg, lengthPx, probability } of linealPath(phase)) {
      const { path } = golden.lines[directionDeg];
      expectClose(probability.subarray(0, 12), path, 1e-14);
      expect(lengthPx[1]).toBe(directionDeg % 90 === 0 ? 1 : Math.SQRT2);
    }
    expect(linealPath(phase)[0].probability.length).toBe(width);
    expect(linealPath(phase)[2].probability.length).toBe(height);
  });

  it("of the space between random discs is exp(−ρ (πR² + 2Rℓ))", () => {
    const [R, density] = [10, 0.0025];
    const [path] = linealPath(voidsBetweenDiscs(900, R, density, createRandom(3)), { directionsDeg: [0] });
    const expected = path.lengthPx.slice(0, 60).map((l) => Math.exp(-density * (Math.PI * R * R + 2 * R * l)));
    expectClose(path.probability.subarray(0, 60), expected, 0.015);
  });

  it("keeps to known pixels", () => {
    const image = binary(10, 1, () => true);
    const [path] = linealPath(image, { directionsDeg: [0], mask: binary(10, 1, (x) => x !== 4) });
    expect([...path.probability]).toEqual([1, 1, 1, 1, 1]);
    const [none] = linealPath(
      binary(3, 1, () => false),
      { directionsDeg: [0] },
    );
    expect([...none.probability]).toEqual([0, 0, 0]);
  });

  it("refuses other directions", () => {
    expect(() => linealPath(phase, { directionsDeg: [30 as 0] })).toThrow(DomainError);
    expect(() => linealPath(phase, { directionsDeg: [] })).toThrow(DomainError);
  });
});

describe("chordLengths", () => {
  it("counts complete and cut chords as a search along each line does", () => {
    for (const { directionDeg, nComplete, nCut } of chordLengths(phase)) {
      const { chords } = golden.lines[directionDeg];
      for (const [found, expected] of [
        [nComplete, chords.complete],
        [nCut, chords.cut],
      ] as const) {
        const counted = Object.fromEntries([...found].map((n, k) => [k + 1, n]).filter(([, n]) => n > 0));
        expect(counted).toEqual(expected);
      }
    }
  });

  it("of stripes is their width", () => {
    const stripes = binary(80, 20, (x) => x % 10 < 4);
    const [across, , along] = chordLengths(stripes);
    expect(across.probability[3]).toBe(1);
    expect(across.lengthPx[3]).toBe(4);
    expect(along.meanPx).toBeUndefined();
    expect(along.nCut[19]).toBe(32);
    expect(along.probability.every(Number.isNaN)).toBe(true);
  });

  it("of independent pixels is geometric in spite of a narrow image", () => {
    const p = 0.7;
    const [{ probability, meanPx, nComplete, lengthPx }] = chordLengths(bernoulli(12, 40_000, p, createRandom(5)), {
      directionsDeg: [0],
    });
    // Up to the longest chord that fits: 10 pixels.
    const norm = 1 - p ** 10;
    const expected = Float64Array.from({ length: 12 }, (_, k) => (k < 10 ? ((1 - p) * p ** k) / norm : 0));
    expectClose(probability, expected, 0.006);
    expect(meanPx).toBeGreaterThan(0.98 / (1 - p));
    expect(meanPx).toBeLessThan(1.02 / (1 - p));
    // Complete chords alone would say much less.
    const seen = nComplete.reduce((sum, n) => sum + n, 0);
    expect(nComplete.reduce((sum, n, k) => sum + n * lengthPx[k], 0) / seen).toBeLessThan(0.85 / (1 - p));
  });

  it("ends chords at unknown pixels as at the border", () => {
    const image = binary(9, 1, (x) => x > 0 && x < 8);
    const [{ nComplete, nCut }] = chordLengths(image, { directionsDeg: [0], mask: binary(9, 1, (x) => x !== 3) });
    expect(nComplete.some((n) => n > 0)).toBe(false);
    expect([nCut[1], nCut[3]]).toEqual([1, 1]);
  });
});
