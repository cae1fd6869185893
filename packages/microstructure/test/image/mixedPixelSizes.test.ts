import { mixedPixelSizes } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";

describe("mixedPixelSizes", () => {
  it("is silent where all agree within 2 %, else counts each size", () => {
    expect(mixedPixelSizes([])).toBeUndefined();
    const one = [
      { file: "a.tif", pixelSizeUm: 0.5 },
      { file: "b.tif", pixelSizeUm: 0.505 },
    ];
    expect(mixedPixelSizes(one)).toBeUndefined();
    const mixed = [...one, { file: "c.tif", pixelSizeUm: 0.25 }, { file: "d.tif", pixelSizeUm: null }];
    expect(mixedPixelSizes(mixed)).toMatch(
      /3 different pixel sizes: 0\.5 µm: 2 \(a\.tif, …\); 0\.25 µm: 1 \(c\.tif\); no calibration: 1 \(d\.tif\)/,
    );
  });
});
