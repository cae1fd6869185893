import { describe, expect, it } from "vitest";
import { checkPairs } from "../../src/input/checkPairs.ts";

describe("checkPairs", () => {
  it("refuses labels that are named after another micrograph", () => {
    const files = ["in/spot1.tif", "in/spot2.tif.gz", "in/spot10.tif"];
    const swapped = ["drawn/spot1_mask.png", "drawn/spot10_mask.png", "drawn/spot2_mask.png"];
    expect(() => checkPairs(files, swapped)).toThrow(/micrograph in\/spot2.tif.gz, but is named after in\/spot10.tif/);
    expect(() => checkPairs(["a.png", "b.png"], ["b.labels.tif", "a.labels.tif"])).toThrow(
      /a.png, but is named after b/,
    );
    expect(() => checkPairs(["s0.png", "s1.png"], ["s1.png", "s1b.png"])).toThrow(/named after s1.png/);
  });

  it("takes names that fit, that tell nothing, or hold another's only by chance", () => {
    const none = (files: string[], labels: string[]): void => checkPairs(files, labels);
    none(["spot1.tif", "spot2.tif"], ["spot1.labels.tif", "mask of spot2 after spot1.json"]);
    none(["a/field.png", "b/field.png"], ["a/field.png", "b/field.png"]);
    none(["x.png", "a.png", "1.png"], ["mask1.png", "mask2.png", "mask11.png"]);
    none(["spot1.png", "2.png"], ["spot1mask-2.png", "mask-2.png"]);
    none(["2.png", "11.png"], ["drawn 2026-11-05 a.png", "drawn 2026-11-05 b.png"]);
    none(["img_1.png", "img_2.png"], ["mask_1.png", "mask_2.png"]);
  });
});
