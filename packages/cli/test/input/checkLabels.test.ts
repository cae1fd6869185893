import { createRaster } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { checkLabelNumbers, checkLabelSize } from "../../src/input/checkLabels.ts";

const labels = (width: number, height: number, label = 1) => ({
  file: "a.labels.tif",
  labels: createRaster(new Uint32Array(width * height).fill(label), width, height),
});

describe("checkLabelSize", () => {
  const image = { file: "a.tif", width: 8, height: 6 };

  it("takes labels of the size of the micrograph, and of a mosaic those that may lack a data bar", () => {
    expect(() => checkLabelSize(labels(8, 6), image)).not.toThrow();
    expect(() => checkLabelSize(labels(8, 5), { ...image, mayLackRows: true })).not.toThrow();
    expect(() => checkLabelSize(labels(7, 6), { ...image, mayLackRows: true })).toThrow(/7 × 6/);
  });

  it("says that labels cover the data bar, and how to go on", () => {
    const cut = { ...image, dataBar: { rows: 2 } };
    expect(() => checkLabelSize(labels(8, 8), cut)).toThrow(/without its data bar of 2 rows.*--data-bar keep/);
    expect(() => checkLabelSize(labels(4, 3), cut)).toThrow(/in the order of the micrographs.*bar of 2 rows was cut/);
    expect(() => checkLabelSize(labels(4, 3), image)).toThrow(
      "a.labels.tif: has 4 × 3 px, its micrograph a.tif 8 × 6; they must be equal: give labels that were drawn on this image, in the order of the micrographs",
    );
  });
});

describe("checkLabelNumbers", () => {
  it("names the largest number that is no class", () => {
    expect(() => checkLabelNumbers(labels(2, 2, 2), ["a", "b"])).not.toThrow();
    expect(() => checkLabelNumbers(labels(2, 2, 3), ["a", "b"])).toThrow(
      /holds label 3, but there are 2 classes \(a, b\)/,
    );
  });
});
