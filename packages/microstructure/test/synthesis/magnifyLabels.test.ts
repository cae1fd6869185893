import { createRandom, createRaster, DomainError, type LabelMap } from "@materiome/core";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { regionTable } from "@materiome/microstructure/regions";
import { magnifyLabels, voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

describe("magnifyLabels", () => {
  it("keeps areas and straight boundaries", () => {
    const halves = createRaster(
      Uint32Array.from({ length: 400 }, (_, i) => (i % 20 < 8 ? 5 : 9)),
      20,
      20,
      { pixelSizeUm: 3 },
    );
    const fine = magnifyLabels(halves, 3);
    expect(fine).toMatchObject({ width: 60, height: 60, pixelSizeUm: 1 });
    expect(regionTable(fine).map((r) => [r.label, r.areaPx])).toEqual([
      [1, 24 * 60],
      [2, 36 * 60],
    ]);
  });

  it("turns a staircase into a line", () => {
    // A boundary of slope 1/2: vertical cracks every second row. Magnified it is a line again, of one step per row or so.
    const slanted = (size: number, scale: number): LabelMap =>
      createRaster(
        Uint32Array.from({ length: size * size }, (_, i) => {
          const [x, y] = [((i % size) + 0.5) / scale - 20, (Math.floor(i / size) + 0.5) / scale - 20];
          return y > x / 2 ? 1 : 2;
        }),
        size,
        size,
      );
    const fine = magnifyLabels(slanted(40, 1), 4);
    const exact = slanted(160, 4);
    let wrong = 0;
    for (let i = 0; i < fine.data.length; i++) if ((fine.data[i] === 1) !== (exact.data[i] === exact.data[0])) wrong++;
    expect(Math.min(wrong, fine.data.length - wrong)).toBeLessThan(160); // under a pixel a column
  });

  it("keeps the mean intercept of a mosaic, in pixels times the factor", () => {
    const labels = voronoiGrains({ width: 300, height: 300, nGrains: 400 }, createRandom(1));
    const before = interceptGrainSize(labels).meanInterceptPx;
    const after = interceptGrainSize(magnifyLabels(labels, 2.5)).meanInterceptPx / 2.5;
    expect(Math.abs(after / before - 1)).toBeLessThan(0.015);
  });

  it("joins opposite borders of a periodic map", () => {
    // Label 2 fills column 0 only: alone it is outvoted, with its continuation in the last column it is not.
    const data = Uint32Array.from({ length: 100 }, (_, i) => (i % 10 === 0 || i % 10 === 9 ? 2 : 1));
    const fine = magnifyLabels(createRaster(data, 10, 10), 4, { isPeriodic: true });
    expect(regionTable(fine).length).toBe(3);
    expect(fine.data.slice(0, 4)).toEqual(new Uint32Array(4).fill(1));
  });

  it("removes lone pixels, leaves 4-connected regions", () => {
    const data = new Uint32Array(15 * 15).fill(1);
    data[7 * 15 + 7] = 2;
    expect(new Set(magnifyLabels(createRaster(data, 15, 15), 1).data)).toEqual(new Set([1]));
  });

  it("refuses to shrink", () => {
    expect(() => magnifyLabels(createRaster(new Uint32Array(4).fill(1), 2, 2), 0.5)).toThrow(DomainError);
  });
});
