import { describe, expect, it } from "vitest";
import { summariseLayer } from "../../src/segment/summariseLayer.ts";

describe("summariseLayer", () => {
  it("numbers the pieces of a mosaic, however many", () => {
    const n = 70_000;
    const one = Float64Array.of(1, 1, 1);
    const pieces = Array.from({ length: n }, (_, k) => ({
      x: Float64Array.of(5 * k, 5 * k + 1, 5 * k + 2),
      y: Float64Array.of(4, 4, 4),
      upper: one,
      lower: one,
      inscribed: 2,
      tails: [0, 0] as const,
      roughUpper: one,
      roughLower: one,
    }));
    const measured = summariseLayer(pieces, { width: 5 * n, height: 9 }, { spansField: false, pixelSizeUm: undefined });
    const { piece } = measured.profile;
    expect([piece.length, piece.at(-1), measured.nPieces]).toEqual([3 * n, n - 1, n]);
    expect(measured.inPx).toMatchObject({ length: 3 * n, mean: 2, std: 0 });
    // Between pieces 3 px: from the last point of one to the first of the next.
    expect(measured.coverage).toBeCloseTo((3 * n) / (3 * n + 3 * (n - 1)), 12);
  });
});
