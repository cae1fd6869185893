import { createRaster, DataError } from "@materiome/core";
import { absorbBoundaries } from "@materiome/microstructure/regions";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("absorbBoundaries", () => {
  it("gives every boundary pixel to a nearest grain", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.array(fc.constantFrom(0, 0, 0, 0, 1, 2, 3), { minLength: 1, maxLength: 120 }),
        (width, cells) => {
          const height = Math.floor(cells.length / width);
          if (height === 0) return;
          const data = Uint32Array.from(cells.slice(0, width * height));
          fc.pre(data.some((v) => v !== 0));
          const filled = absorbBoundaries(createRaster(data, width, height));
          for (let i = 0; i < data.length; i++) {
            let best = Infinity;
            let own = Infinity;
            for (let j = 0; j < data.length; j++) {
              if (data[j] === 0) continue;
              const d = ((i % width) - (j % width)) ** 2 + (Math.floor(i / width) - Math.floor(j / width)) ** 2;
              best = Math.min(best, d);
              if (data[j] === filled.data[i]) own = Math.min(own, d);
            }
            expect(own).toBe(best);
          }
        },
      ),
      { seed: 3, numRuns: 100 },
    );
  });

  it("returns a map without boundary pixels as it is, keeps the calibration", () => {
    const whole = createRaster(new Uint32Array([1, 2]), 2, 1);
    expect(absorbBoundaries(whole)).toBe(whole);
    expect(absorbBoundaries(createRaster(new Uint32Array([1, 0]), 2, 1, { pixelSizeUm: 3 }))).toEqual(
      createRaster(new Uint32Array([1, 1]), 2, 1, { pixelSizeUm: 3 }),
    );
  });

  it("refuses a map without grains", () => {
    expect(() => absorbBoundaries(createRaster(new Uint32Array(9), 3, 3))).toThrow(DataError);
  });
});
