import { implausibleSize, mixedPixelSizes } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";

describe("implausibleSize", () => {
  it("lets every grain size number from -3 to 25 pass and calls the rest absurd, with the unit likely meant", () => {
    for (let G = -3; G <= 25; G++) expect(implausibleSize(320 * 2 ** (-G / 2), 0.5)).toBeUndefined();
    expect(implausibleSize(0.01, 0.0002)).toMatch(/10\.0 nm is absurd.*0\.0002 mm a pixel meant, give 0\.2$/);
    expect(implausibleSize(25_000, 500)).toMatch(/25\.0 mm is absurd.*500 nm a pixel meant, give 0\.5$/);
  });
});

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
