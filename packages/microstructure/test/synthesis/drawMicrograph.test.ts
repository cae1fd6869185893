import { createRandom, DomainError } from "@materiome/core";
import { drawMicrograph } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

const drawn = (seed: number, options = {}) =>
  drawMicrograph({ width: 160, height: 128, ...options }, createRandom("drawn").fork(seed));

describe("drawMicrograph", () => {
  it("draws grains of the size it says, in both structures, numbered 1 … n without gaps", () => {
    const all = Array.from({ length: 4 }, (_, k) => drawn(k, { grainPx: [10, 14] }));
    expect(new Set(all.map(({ structure }) => structure))).toEqual(new Set(["voronoi", "potts"]));
    for (const { labels, image, grainPx } of all) {
      expect([labels.width, labels.height, image.width, image.height]).toEqual([160, 128, 160, 128]);
      const n = new Set(labels.data);
      expect(n.has(0)).toBe(false);
      expect(Math.max(...n)).toBe(n.size);
      expect(Math.abs(crossings(labels) / grainPx - 1)).toBeLessThan(0.12);
      expect(Math.min(...image.data)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...image.data)).toBeLessThanOrEqual(1);
    }
  });

  it("is the same for a seed, and draws looks in wide ranges", () => {
    expect(drawn(3)).toEqual(drawn(3));
    const looks = Array.from({ length: 8 }, (_, k) => drawn(k, { grainPx: [30, 50] }).look);
    expect(new Set(looks.map(({ boundary }) => boundary))).toEqual(new Set(["dark", "bright"]));
    expect(looks.some(({ scratchesPerMegapixel = 0 }) => scratchesPerMegapixel > 0)).toBe(true);
    expect(drawn(1, { boundary: "bright" }).look.boundary).toBe("bright");
    expect(drawn(2, { boundary: "bright" }).look.boundary).toBe("bright");
  });

  it("refuses sizes and grains that make no polycrystal", () => {
    expect(() => drawn(1, { width: 31 })).toThrow(DomainError);
    expect(() => drawn(1, { grainPx: [4, 10] })).toThrow(/expected 5 ≤ least ≤ most ≤ 51/);
    expect(() => drawn(1, { grainPx: [20, 10] })).toThrow(DomainError);
    expect(() => drawn(1, { grainPx: [20, 52] })).toThrow(DomainError);
    expect(() => drawn(1, { boundary: "grey" as "dark" })).toThrow(/boundary is "grey"/);
  });
});

/** Mean intercept along rows and columns, px. */
function crossings({ data, width, height }: { data: Uint32Array; width: number; height: number }): number {
  let n = 0;
  for (let i = 0; i < data.length; i++) {
    if ((i + 1) % width !== 0 && data[i] !== data[i + 1]) n++;
    if (i + width < data.length && data[i] !== data[i + width]) n++;
  }
  return (2 * width * height) / n;
}
