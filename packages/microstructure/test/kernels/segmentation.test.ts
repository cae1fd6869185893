import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  connectedComponents,
  distanceTransformSquared,
  growMask,
  hMaxima,
  otsuBin,
  ridgeCrest,
  smoothLabels,
  watershed,
} from "../../src/kernels/index.ts";

const reference = JSON.parse(readFileSync(new URL("../fixtures/segment_reference.json", import.meta.url), "utf8"));

describe("distanceTransformSquared", () => {
  it("equals SciPy's exact Euclidean distance transform", () => {
    const { width, height, mask, squared } = reference.distance;
    const out = new Float32Array(width * height);
    distanceTransformSquared(width, height, Uint8Array.from(mask), out);
    expect([...out]).toEqual(squared);
  });

  it("equals the distance found by trying every pair", () => {
    const shape = fc.record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) });
    const masks = shape.chain(({ width, height }) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        mask: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height }),
      }),
    );
    fc.assert(
      fc.property(masks, ({ width, height, mask }) => {
        const out = new Float32Array(width * height);
        distanceTransformSquared(width, height, Uint8Array.from(mask), out);
        const expected = mask.map((_, i) => {
          const distances = mask.flatMap((on, j) =>
            on === 1 ? [((i % width) - (j % width)) ** 2 + (Math.floor(i / width) - Math.floor(j / width)) ** 2] : [],
          );
          return Math.min(Number.POSITIVE_INFINITY, ...distances);
        });
        expect([...out]).toEqual(expected);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe("otsuBin", () => {
  it("equals scikit-image", () => {
    expect(otsuBin(Float64Array.from(reference.otsu.histogram))).toBe(reference.otsu.threshold);
  });

  it("separates two spikes at the lower one, and refuses one spike", () => {
    expect(otsuBin(Float64Array.of(0, 5, 0, 0, 5, 0))).toBe(1);
    expect(otsuBin(Float64Array.of(0, 5, 0))).toBe(-1);
  });
});

describe("hMaxima", () => {
  const { width, height, values, h, maxima, n } = reference.hMaxima;

  it("seeds the h-maxima of scikit-image, each once", () => {
    const seeds = new Uint32Array(width * height);
    expect(hMaxima(width, height, Float32Array.from(values), h, 0, seeds)).toBe(n);
    const hit = [...seeds].flatMap((seed, i) => (seed > 0 ? [maxima[i]] : []));
    expect(hit.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, k) => k + 1));
  });

  it("keeps one seed on a plateau and none where there is no hill", () => {
    const seeds = new Uint32Array(9);
    expect(hMaxima(3, 3, new Float32Array(9).fill(2), 1, 0, seeds)).toBe(1);
    expect(hMaxima(3, 3, new Float32Array(9), 1, 0, seeds)).toBe(0);
  });

  it("drops the lower of two peaks by relative depth of the saddle", () => {
    const line = Float32Array.of(1, 8, 6, 10, 1);
    const seeds = new Uint32Array(5);
    expect(hMaxima(5, 1, line, 0, 0.2, seeds)).toBe(2); // dynamics 2 ≥ 0.2 · 8
    expect(hMaxima(5, 1, line, 0, 0.3, seeds)).toBe(1);
  });
});

describe("watershed", () => {
  it("equals scikit-image off the wall, and gives the wall to one of the two", () => {
    const { width, height, levels, seeds, labels, wall } = reference.watershed;
    const out = Uint32Array.from(seeds as number[]);
    watershed(width, height, Uint16Array.from(levels), 10, out);
    for (const [i, label] of out.entries()) {
      if (i % width === wall) expect([1, 2]).toContain(label);
      else expect(label).toBe(labels[i]);
    }
  });

  it("labels every pixel, each region connected to its seed", () => {
    const random = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(random, (levels) => {
        const labels = new Uint32Array(100);
        labels[11] = 1;
        labels[88] = 2;
        watershed(10, 10, Uint16Array.from(levels), 6, labels);
        expect(labels.includes(0)).toBe(false);
        expect(connectedComponents(10, 10, labels, 4, new Uint32Array(100))).toBe(2);
      }),
      { seed: 2, numRuns: 50 },
    );
  });
});

describe("connectedComponents", () => {
  it("joins diagonals only with eight neighbours", () => {
    const diagonal = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const out = new Uint32Array(9);
    expect(connectedComponents(3, 3, diagonal, 8, out)).toBe(1);
    expect(connectedComponents(3, 3, diagonal, 4, out)).toBe(3);
    expect([...out]).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 3]);
  });
});

describe("growMask", () => {
  it("grows through open pixels, over corners only where 8-connected", () => {
    const ground = Uint8Array.of(1, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0);
    const grown = (connectivity: 4 | 8): number[] => {
      const mask = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      growMask(4, 3, ground, connectivity, new Int32Array(12), 1, mask);
      return [...mask];
    };
    expect(grown(4)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(grown(8)).toEqual([1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });
});

describe("ridgeCrest", () => {
  it("thins a vertical ridge to its top", () => {
    const strength = Float32Array.of(1, 3, 2, 1, 3, 2, 1, 3, 2);
    const out = new Float32Array(9);
    ridgeCrest(3, 3, strength, new Uint8Array(9).fill(6), 12, out);
    expect([...out]).toEqual([0, 3, 0, 0, 3, 0, 0, 3, 0]);
  });
});

describe("smoothLabels", () => {
  const weights = new Float64Array(9).fill(1);

  it("removes a one-pixel bump and leaves a straight boundary alone", () => {
    const straight = Uint32Array.from({ length: 36 }, (_, i) => (i % 6 < 3 ? 1 : 2));
    const out = new Uint32Array(36);
    smoothLabels(6, 6, straight, 1, weights, out);
    expect(out).toEqual(straight);
    const bumpy = straight.slice();
    bumpy[15] = 1;
    smoothLabels(6, 6, bumpy, 1, weights, out);
    expect(out).toEqual(straight);
  });
});
