import { createRaster, DataError, type Raster, ShapeError } from "@materiome/core";
import { boundaryF1 } from "@materiome/microstructure/compare";
import { boundaryMask } from "@materiome/microstructure/regions";
import fc from "fast-check";
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
    expect(boundaryF1(lines(10), lines(10), 0)).toMatchObject({ f1: 1, precision: 1, recall: 1 });
    expect(boundaryF1(lines(13), lines(10), 3).f1).toBe(1);
    expect(boundaryF1(lines(14), lines(10), 3).f1).toBe(0);
  });

  it("counts false and missed lines", () => {
    expect(boundaryF1(lines(10, 30), lines(10), 3)).toMatchObject({ f1: 2 / 3, precision: 0.5, recall: 1 });
    expect(boundaryF1(lines(10), lines(10, 20, 30), 3)).toMatchObject({ f1: 0.5, precision: 1, recall: 1 / 3 });
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

describe("boundaryF1, one to one", () => {
  const oneToOne = { matching: "one-to-one" } as const;

  it("lets a pixel have one partner only: a doubled line costs precision", () => {
    expect(boundaryF1(lines(10, 11), lines(10), 2).f1).toBe(1);
    expect(boundaryF1(lines(10, 11), lines(10), 2, oneToOne)).toMatchObject({
      precision: 0.5,
      recall: 1,
      nTrueNear: 20,
    });
  });

  it("finds the largest matching, not a greedy one", () => {
    // Points at 0 and 2 against 1 and 4: greedy by distance may pair 2 with 1 and leave 0 and 4 alone.
    const row = (...xs: number[]): Raster<Uint8Array> =>
      createRaster(
        Uint8Array.from({ length: 9 }, (_, i) => Number(xs.includes(i))),
        9,
        1,
      );
    expect(boundaryF1(row(0, 2), row(1, 4), 2, oneToOne)).toMatchObject({ nPredictedNear: 2, nTrueNear: 2 });
    expect(boundaryF1(row(2, 0, 5), row(1, 4, 6), 2, oneToOne).f1).toBe(1);
  });

  it("equals exhaustive search on small masks", () => {
    const mask = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }).filter((v) => v.includes(true));
    fc.assert(
      fc.property(mask, mask, fc.constantFrom(0, 1, 1.5, 2), (a, b, tolerance) => {
        const raster = (v: boolean[]): Raster<Uint8Array> => createRaster(Uint8Array.from(v, Number), 4, 3);
        const points = (v: boolean[]): number[] => v.flatMap((set, i) => (set ? [i] : []));
        const near = (i: number, j: number): boolean =>
          Math.hypot((i % 4) - (j % 4), Math.floor(i / 4) - Math.floor(j / 4)) <= tolerance;
        const best = (left: number[], right: number[]): number => {
          const [i, ...rest] = left;
          if (i === undefined) return 0;
          const partners = right
            .filter((j) => near(i, j))
            .map(
              (j) =>
                1 +
                best(
                  rest,
                  right.filter((other) => other !== j),
                ),
            );
          return Math.max(best(rest, right), ...partners);
        };
        const score = boundaryF1(raster(a), raster(b), tolerance, oneToOne);
        expect(score.nTrueNear).toBe(best(points(a), points(b)));
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});
