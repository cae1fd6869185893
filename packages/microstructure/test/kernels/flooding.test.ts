import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hMaxima, reconstruct, watershed } from "../../src/kernels/index.ts";

/** A small image with its sizes. */
const picture = (largest: number) =>
  fc
    .record({ width: fc.integer({ min: 1, max: 10 }), height: fc.integer({ min: 1, max: 10 }) })
    .chain(({ width, height }) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        values: fc.array(fc.integer({ min: 0, max: largest }), {
          minLength: width * height,
          maxLength: width * height,
        }),
        marks: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: width * height, maxLength: width * height }),
      }),
    );

function neighbours(width: number, height: number, i: number, connectivity: 4 | 8): number[] {
  const x = i % width;
  const y = Math.floor(i / width);
  return [-1, 0, 1].flatMap((dy) =>
    [-1, 0, 1].flatMap((dx) => {
      const isSelf = dx === 0 && dy === 0;
      const isInside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
      return isSelf || !isInside || (connectivity === 4 && dx * dy !== 0) ? [] : [i + dy * width + dx];
    }),
  );
}

/** Watershed from its definition: states relaxed until nothing changes, then labels along the least states. */
function slowWatershed(width: number, height: number, levels: number[], seeds: number[]): number[] {
  const state = seeds.map((seed, i) => (seed > 0 ? levels[i]! * 1000 : Number.POSITIVE_INFINITY));
  const step = (from: number, level: number): number => (level * 1000 > from ? level * 1000 : from + 1);
  const isAbove = (from: number, level: number): boolean => level > Math.floor(from / 1000);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < state.length; i++) {
      for (const j of neighbours(width, height, i, 4)) {
        const next = isAbove(state[j]!, levels[i]!) ? levels[i]! * 1000 : step(state[j]!, levels[i]!);
        if (next < state[i]!) {
          state[i] = next;
          changed = true;
        }
      }
    }
  }
  const labels = [...seeds];
  const order = state.map((_, i) => i).sort((a, b) => state[a]! - state[b]!);
  for (const i of order) {
    if (seeds[i]! > 0 || state[i] === Number.POSITIVE_INFINITY) continue;
    const around = neighbours(width, height, i, 4);
    const least = Math.min(...around.map((j) => state[j]!));
    labels[i] = Math.min(...around.filter((j) => state[j] === least).map((j) => labels[j]!));
  }
  return labels;
}

describe("watershed", () => {
  it("equals its definition on random levels and seeds", () => {
    for (const largest of [0, 2, 6]) {
      fc.assert(
        fc.property(picture(largest), ({ width, height, values, marks }) => {
          const seeds = marks.map((mark, i) => (mark > 7 ? i + 1 : 0));
          const labels = Uint32Array.from(seeds);
          watershed(width, height, Uint16Array.from(values), largest + 1, labels);
          expect([...labels]).toEqual(slowWatershed(width, height, values, seeds));
        }),
        { seed: 1, numRuns: 60 },
      );
    }
  });

  it("gives pixels midway between two seeds to the smaller label, whichever comes first", () => {
    const levels = new Uint16Array(5);
    const forward = Uint32Array.of(1, 0, 0, 0, 2);
    watershed(5, 1, levels, 1, forward);
    expect([...forward]).toEqual([1, 1, 1, 2, 2]);
    const backward = Uint32Array.of(2, 0, 0, 0, 1);
    watershed(5, 1, levels, 1, backward);
    expect([...backward]).toEqual([2, 2, 1, 1, 1]);
  });
});

describe("reconstruct", () => {
  it("equals repeated dilation under the mask", () => {
    fc.assert(
      fc.property(picture(7), ({ width, height, values, marks }) => {
        const slow = marks.map((mark, i) => Math.min(mark, values[i]!));
        const marker = Uint32Array.from(slow);
        reconstruct(width, height, Uint32Array.from(values), marker);
        for (let changed = true; changed; ) {
          changed = false;
          for (let i = 0; i < slow.length; i++) {
            const highest = Math.max(slow[i]!, ...neighbours(width, height, i, 8).map((j) => slow[j]!));
            const next = Math.min(highest, values[i]!);
            if (next > slow[i]!) changed = true;
            slow[i] = next;
          }
        }
        expect([...marker]).toEqual(slow);
      }),
      { seed: 2, numRuns: 80 },
    );
  });
});

describe("hMaxima", () => {
  /** From its definition: a peak is kept where what lies above its lowest admissible saddle holds nothing higher. */
  function slowMaxima(width: number, height: number, values: number[], hAbsolute: number, hRelative: number): number[] {
    return values.flatMap((peak, start) => {
      if (peak <= 0) return [];
      const needed = Math.max(hAbsolute, hRelative * peak);
      const isHill = (v: number): boolean => v > 0 && (peak - v < needed || v >= peak);
      const seen = new Set([start]);
      for (const i of seen) for (const j of neighbours(width, height, i, 8)) if (isHill(values[j]!)) seen.add(j);
      const isKept = [...seen].every((i) => values[i]! < peak || (values[i] === peak && i >= start));
      return isKept ? [start] : [];
    });
  }

  it.each([
    [0, 0],
    [2, 0],
    [0, 0.3],
    [0.75, 0.25],
  ])("equals its definition with h = %s and relative h = %s", (hAbsolute, hRelative) => {
    fc.assert(
      fc.property(picture(9), ({ width, height, values }) => {
        const quarters = values.map((value) => value / 4);
        const seeds = new Uint32Array(width * height);
        const n = hMaxima(width, height, Float32Array.from(quarters), hAbsolute, hRelative, seeds);
        const expected = slowMaxima(width, height, quarters, hAbsolute, hRelative);
        expect([...seeds].flatMap((seed, i) => (seed > 0 ? [i] : []))).toEqual(expected);
        expect([...seeds].filter((seed) => seed > 0)).toEqual(Array.from({ length: n }, (_, k) => k + 1));
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
