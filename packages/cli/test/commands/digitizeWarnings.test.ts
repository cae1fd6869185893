import { describe, expect, it } from "vitest";
import { byText } from "../../src/commands/digitize.ts";

describe("byText", () => {
  it("says a warning that many images share once, others with their file", () => {
    const images = [
      { file: "a.tif", warnings: ["no calibration", "cut off"] },
      { file: "b.tif", warnings: ["no calibration", "no calibration"] },
      { file: "c.tif", warnings: ["no calibration", "cut off"] },
      { file: "d.tif", warnings: [] },
    ];
    expect(byText(images)).toEqual([
      "3 of 4 images (a.tif … c.tif): no calibration",
      "a.tif: cut off",
      "c.tif: cut off",
    ]);
    expect(byText([])).toEqual([]);
  });
});
