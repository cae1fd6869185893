import { createRaster, DataError, type Raster, ShapeError } from "@materiome/core";
import { boundaryF1 } from "@materiome/microstructure/compare";
import { boundaryMask } from "@materiome/microstructure/regions";
import { describe, expect, it } from "vitest";

/** Vertical lines at the given columns of a 40 × 20 map. */
function lines(...columns: number[]): Raster<Uint8Array> {
  return createRaster(
    Uint8Array.from({ length: 800 }, (_, i) => Number(columns.includes(i % 40))),
    40,
    20,
  );
}

describe("boundaryF1", () => {
  it("is 1 for equal maps and for a shift up to the tolerance, 0 beyond", () => {
    expect(boundaryF1(lines(10), lines(10), 0)).toEqual({ f1: 1, precision: 1, recall: 1 });
    expect(boundaryF1(lines(13), lines(10), 3).f1).toBe(1);
    expect(boundaryF1(lines(14), lines(10), 3).f1).toBe(0);
  });

  it("counts false and missed lines", () => {
    expect(boundaryF1(lines(10, 30), lines(10), 3)).toEqual({ f1: 2 / 3, precision: 0.5, recall: 1 });
    expect(boundaryF1(lines(10), lines(10, 20, 30), 3)).toEqual({ f1: 0.5, precision: 1, recall: 1 / 3 });
  });

  it("refuses different sizes and maps without boundaries", () => {
    expect(() => boundaryF1(lines(1), createRaster(new Uint8Array(800), 20, 40), 3)).toThrow(ShapeError);
    expect(() => boundaryF1(lines(), lines(10), 3)).toThrow(DataError);
  });
});

describe("boundaryMask", () => {
  it("marks 0 and the left or upper side of every change", () => {
    const labels = createRaster(new Uint32Array([1, 1, 2, 1, 1, 2, 3, 0, 2]), 3, 3);
    expect([...boundaryMask(labels).data]).toEqual([0, 1, 0, 1, 1, 0, 1, 1, 0]);
  });
});
