import { createRaster } from "@materiome/core";
import { resampleRaster } from "@materiome/microstructure/pixels";
import { describe, expect, it } from "vitest";

describe("resampleRaster", () => {
  const ramp = createRaster(
    Float32Array.from({ length: 40 * 20 }, (_, i) => 0.1 + 0.02 * (i % 40)),
    40,
    20,
    { pixelSizeUm: 0.5 },
  );

  it("keeps a ramp a ramp, smaller and larger, away from the border", () => {
    for (const [width, height] of [
      [10, 5],
      [80, 40],
    ] as const) {
      const { data, pixelSizeUm } = resampleRaster(ramp, width, height);
      expect(pixelSizeUm).toBeCloseTo((0.5 * 40) / width, 12);
      for (let x = Math.ceil(width / 5); x < width - width / 5; x++) {
        const source = ((x + 0.5) * 40) / width - 0.5;
        expect(data[2 * width + x]).toBeCloseTo(0.1 + 0.02 * source, 5);
      }
    }
  });

  it("changes nothing at the same size, and keeps channels apart", () => {
    const two = createRaster(Float32Array.of(1, 5, 2, 6, 3, 7, 4, 8), 2, 2, { channels: 2 });
    expect(resampleRaster(two, 2, 2).data).toEqual(two.data);
    expect([...resampleRaster(two, 1, 1).data][1]! - [...resampleRaster(two, 1, 1).data][0]!).toBeCloseTo(4, 6);
  });

  it("refuses sizes that are no whole pixels", () => {
    expect(() => resampleRaster(ramp, 0, 5)).toThrow(/whole numbers/);
    expect(() => resampleRaster(ramp, 2.5, 5)).toThrow(/2\.5/);
  });
});
