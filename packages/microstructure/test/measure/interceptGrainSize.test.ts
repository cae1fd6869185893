import { createRandom, createRaster, DataError, DomainError, type LabelMap } from "@materiome/core";
import { grainSizeFromIntercept, interceptGrainSize } from "@materiome/microstructure/measure";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Mosaic of a × b rectangles, its lines off the border of the map; a divides the width and b the height. */
function tiles(width: number, height: number, a: number, b: number): LabelMap {
  const columns = width / a + 1;
  const data = Uint32Array.from(
    { length: width * height },
    (_, i) => 1 + Math.floor((i % width) / a + 0.5) + columns * Math.floor(Math.floor(i / width) / b + 0.5),
  );
  return createRaster(data, width, height);
}

describe("interceptGrainSize", () => {
  it("gives the closed form on a square lattice", () => {
    // A line at angle θ meets (|cos θ| + |sin θ|)/a boundaries per length: a at 0° and 90°, a/√2 at 45° and 135°.
    const { byDirection, meanInterceptPx, anisotropyIndex } = interceptGrainSize(tiles(600, 600, 20, 20));
    expect(byDirection[0]).toEqual({ angleDeg: 0, meanPx: 599 / 30, n: 600 * 30, lineLengthPx: 600 * 599 });
    expect(byDirection[2]).toEqual({ angleDeg: 90, meanPx: 599 / 30, n: 600 * 30, lineLengthPx: 600 * 599 });
    // One diagonal in twenty runs through the corners and meets two boundaries in one step: 2.5 % fewer.
    for (const k of [1, 3]) {
      expect(Math.abs(byDirection[k].meanPx! / (20 / Math.SQRT2 / (1 - 1 / 40)) - 1)).toBeLessThan(0.003);
    }
    expect(anisotropyIndex).toBeCloseTo(Math.SQRT2 * (1 - 1 / 40), 2);
    const n = byDirection.reduce((sum, d) => sum + d.n, 0);
    expect(meanInterceptPx).toBeCloseTo(byDirection.reduce((sum, d) => sum + d.lineLengthPx, 0) / n, 12);
  });

  it("separates the directions of rectangles", () => {
    const wide = interceptGrainSize(tiles(1200, 600, 40, 10), { directionsDeg: [0, 90] });
    expect(wide.byDirection.map((d) => d.meanPx)).toEqual([1199 / 30, 599 / 60]);
    expect(wide.anisotropyIndex).toBeCloseTo(4, 1);
    const turned = interceptGrainSize(tiles(600, 1200, 10, 40), { directionsDeg: [90, 180] });
    expect(turned.byDirection.map((d) => d.meanPx)).toEqual([1199 / 30, 599 / 60]);
  });

  it("knows hexagons", () => {
    // Regular hexagons of side s, corners along x. Mean intercept along a direction: area 3√3/2 s² over the extent of a
    // cell square to it: √3 s for 0°, 2 s for 90°, 2 s cos 15° for the diagonals.
    const [width, height, s] = [900, 883, 30]; // whole periods: 3 s and √3 s
    const data = new Uint32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        // Nearest centre of the triangular lattice (1.5 s k, √3 s (j + k/2 mod 1)).
        let best = Infinity;
        for (let k = Math.floor(x / (1.5 * s)) - 1; k <= Math.floor(x / (1.5 * s)) + 2; k++) {
          const shift = ((k % 2) + 2) % 2 === 1 ? 0.5 : 0;
          const j = Math.round((y + 9) / (Math.sqrt(3) * s) - shift); // + 9: no boundary on the border
          const d = (x - 1.5 * s * k) ** 2 + (y + 9 - Math.sqrt(3) * s * (j + shift)) ** 2;
          if (d < best) {
            best = d;
            data[y * width + x] = (k + 10) * 1000 + j + 10;
          }
        }
      }
    }
    const { byDirection } = interceptGrainSize(createRaster(data, width, height));
    const area = ((3 * Math.sqrt(3)) / 2) * s * s;
    const across = [Math.sqrt(3) * s, s * 2 * Math.cos(Math.PI / 12), 2 * s, s * 2 * Math.cos(Math.PI / 12)];
    for (const [k, { meanPx }] of byDirection.entries()) {
      expect(Math.abs(meanPx! / (area / across[k]) - 1)).toBeLessThan(0.02);
    }
  });

  it("overstates the intercept by less than 0.25 px however coarse the pixel", () => {
    // The same seeds on a map eight times finer are the reference.
    const fine = voronoiGrains({ width: 1600, height: 1600, nGrains: 700, relaxations: 0 }, createRandom(4));
    const coarse = voronoiGrains({ width: 200, height: 200, nGrains: 700, relaxations: 0 }, createRandom(4));
    const difference = interceptGrainSize(coarse).meanInterceptPx - interceptGrainSize(fine).meanInterceptPx / 8;
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.25);
  });

  it("does not count the steps of a slanted boundary one by one", () => {
    // One straight boundary at any angle: each line of a bundle crosses it at most once, whatever the direction.
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: Math.PI, noNaN: true }),
        fc.constantFrom(0, 45, 90, 135),
        (angle, direction) => {
          const data = Uint32Array.from({ length: 100 * 100 }, (_, i) => {
            const [x, y] = [(i % 100) - 49.63, Math.floor(i / 100) - 49.29];
            return x * Math.cos(angle) + y * Math.sin(angle) > 0 ? 2 : 1;
          });
          const nLines = direction % 90 === 0 ? 100 : 199;
          const map = createRaster(data, 100, 100);
          let n = 0;
          try {
            n = interceptGrainSize(map, { directionsDeg: [direction] }).nIntercepts;
          } catch (error) {
            expect(error).toBeInstanceOf(DataError); // the line is parallel
          }
          expect(n).toBeLessThanOrEqual(nLines);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it("measures at any angle on vector boundaries", () => {
    // Square lattice of side a: ℓ̄(θ) = a / (|cos θ| + |sin θ|).
    const angles = [0, 15, 30, 67.5];
    const { byDirection } = interceptGrainSize(tiles(600, 600, 20, 20), { directionsDeg: angles });
    for (const [k, angle] of angles.entries()) {
      const theta = (angle * Math.PI) / 180;
      expect(Math.abs(byDirection[k].meanPx! / (20 / (Math.cos(theta) + Math.sin(theta))) - 1)).toBeLessThan(0.005);
    }
  });

  it("needs every eighth line only for nearly the same mean", () => {
    const labels = voronoiGrains({ width: 700, height: 700, nGrains: 500, pixelSizeUm: 0.4 }, createRandom(1));
    const all = interceptGrainSize(labels);
    const some = interceptGrainSize(labels, { spacing: 8 });
    expect(Math.abs(some.meanInterceptPx / all.meanInterceptPx - 1)).toBeLessThan(0.03);
    expect(all.nIntercepts / some.nIntercepts).toBeGreaterThan(7.5);
    expect(Math.abs(all.nIndependent / some.nIndependent - 1)).toBeLessThan(0.1);
    expect(all.meanInterceptUm).toBeCloseTo(0.4 * all.meanInterceptPx, 12);
    expect(all.G).toBe(grainSizeFromIntercept(0.4 * all.meanInterceptPx));
  });

  it("leaves G out without calibration, and refuses what it cannot measure", () => {
    const plain = interceptGrainSize(tiles(40, 40, 10, 10));
    expect(plain.G).toBeUndefined();
    expect(plain.meanInterceptUm).toBeUndefined();
    const one = createRaster(new Uint32Array(100).fill(1), 10, 10);
    expect(() => interceptGrainSize(one)).toThrow(DataError);
    expect(() => interceptGrainSize(createRaster(new Uint32Array(100), 10, 10))).toThrow(/absorbBoundaries/);
    expect(() => interceptGrainSize(tiles(40, 40, 10, 10), { spacing: 0 })).toThrow(DomainError);
    expect(() => interceptGrainSize(tiles(40, 40, 10, 10), { directionsDeg: [] })).toThrow(/at least one angle/);
    expect(() => interceptGrainSize(one, { directionsDeg: [30] })).toThrow(DataError);
    expect(() => interceptGrainSize({ ...one, pixelSizeUm: 1 }, { pixelSizeUm: 2 })).toThrow(/drop one/);
    const stripes10 = createRaster(
      Uint32Array.from({ length: 1600 }, (_, i) => 1 + Math.floor((i % 40) / 10)),
      40,
      40,
    );
    const stripes = interceptGrainSize(stripes10, { directionsDeg: [0, 90] });
    expect(stripes.byDirection[1].meanPx).toBeNull();
    expect(stripes.anisotropyIndex).toBeNull();
  });
});
