import { createRaster } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { unlabelledArea } from "../../src/regions/unlabelledArea.ts";

/** Grains of 10 × 10 px over and under a band of zeros. */
const banded = (thickness: number) => {
  const height = 40 + thickness;
  const data = Uint32Array.from({ length: 60 * height }, (_, i) => {
    const y = Math.floor(i / 60);
    if (y >= 20 && y < 20 + thickness) return 0;
    const row = Math.floor((y < 20 ? y : y - thickness) / 10);
    return 1 + Math.floor((i % 60) / 10) + 6 * row;
  });
  return createRaster(data, 60, height);
};

describe("unlabelledArea", () => {
  it("is the whole of a band wider than a boundary can be", () => {
    // The disc of 6 px reaches 3 px from its centre on either side: 7 rows.
    const found = unlabelledArea(banded(7));
    expect(found).toMatchObject({ limitPx: 6, meanGrainPx: 100, largestPx: 420 });
    expect(found?.share).toBeCloseTo(7 / 47, 12);
  });

  it("is none where zeros are thin, or there are none", () => {
    expect(unlabelledArea(banded(5))).toBeUndefined();
    expect(unlabelledArea(banded(0))).toBeUndefined();
  });
});
