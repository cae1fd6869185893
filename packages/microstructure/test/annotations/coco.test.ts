import { readFileSync } from "node:fs";
import { createRaster, DataError, DomainError, FormatError } from "@materiome/core";
import {
  cocoInstances,
  compressRuns,
  decompressRuns,
  maskToRuns,
  readCoco,
  runsToMask,
} from "@materiome/microstructure/annotations";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const golden = JSON.parse(readFileSync(new URL("../fixtures/regions/coco_masks.json", import.meta.url), "utf8")) as {
  cases: { size: [number, number]; ones: number[]; counts: string; area: number; bbox: number[] }[];
};

describe("run lengths", () => {
  it("are those of pycocotools", () => {
    for (const { size, ones, counts } of golden.cases) {
      const [height, width] = size;
      const mask = new Uint8Array(width * height);
      for (const i of ones) mask[i] = 1;
      expect(compressRuns(maskToRuns(mask, width, height))).toBe(counts);
      expect(runsToMask(decompressRuns(counts), width, height)).toEqual(mask);
    }
  });

  it("come back from their text", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000_000 })), (runs) => {
        expect(decompressRuns(compressRuns(runs))).toEqual(runs);
      }),
      { seed: 5 },
    );
  });

  it("that do not fit are refused", () => {
    expect(() => runsToMask([3, 2], 2, 2)).toThrow(FormatError);
    expect(() => runsToMask([3], 2, 2)).toThrow(/cover 3 pixels/);
    expect(() => decompressRuns("61X13mN000`")).toThrow(/cut short/);
    expect(() => decompressRuns("6 1")).toThrow(/character 2/);
  });
});

describe("COCO instances", () => {
  const labels = createRaster(Uint32Array.of(1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 5, 5), 3, 4);

  it("have area and box as pycocotools has them", () => {
    for (const { size, ones, area, bbox } of golden.cases) {
      if (area === 0) continue;
      const data = new Uint32Array(size[0] * size[1]);
      for (const i of ones) data[i] = 3;
      const json = cocoInstances(createRaster(data, size[1], size[0])) as unknown as {
        annotations: { area: number; bbox: number[] }[];
      };
      expect(json.annotations[0].area).toBe(area);
      expect(json.annotations[0].bbox).toEqual(bbox);
    }
  });

  it("hold polygons, and run lengths where there is a hole", () => {
    const json = cocoInstances(labels, { classOf: (k) => `class ${k}`, imageName: "a.png" });
    expect(json).toEqual({
      images: [{ id: 1, file_name: "a.png", width: 3, height: 4 }],
      categories: [
        { id: 1, name: "class 1", supercategory: "" },
        { id: 2, name: "class 5", supercategory: "" },
      ],
      annotations: [
        {
          id: 1,
          image_id: 1,
          category_id: 1,
          iscrowd: 0,
          area: 8,
          bbox: [0, 0, 3, 3],
          segmentation: { size: [4, 3], counts: [0, 3, 1, 1, 1, 1, 1, 3, 1] },
        },
        {
          id: 5,
          image_id: 1,
          category_id: 2,
          iscrowd: 0,
          area: 2,
          bbox: [1, 3, 2, 1],
          segmentation: [[1, 4, 1, 3, 3, 3, 3, 4]],
        },
      ],
    });
    expect(() => cocoInstances(labels, { classes: ["x"] })).toThrow(DomainError);
    expect(() => cocoInstances(labels, { segmentation: "mask" as "rle" })).toThrow(DomainError);
  });

  it("with errors are refused with the place", () => {
    const good = cocoInstances(labels) as { annotations: object[] };
    const twice = {
      ...good,
      images: [
        { id: 1, width: 3, height: 4 },
        { id: 2, file_name: "b", width: 3, height: 4 },
      ],
    };
    expect(() => readCoco("{")).toThrow(/cut short/);
    expect(() => readCoco([])).toThrow(/expected an object, got a list/);
    expect(() => readCoco({ images: [] })).toThrow(DataError);
    expect(() => readCoco(twice)).toThrow(/name one/);
    expect(readCoco(twice, { image: "b" }).annotations).toEqual([]);
    const bad = (change: object): unknown => ({ ...good, annotations: [{ ...good.annotations[1], ...change }] });
    expect(() => readCoco(bad({ category_id: 9 }))).toThrow(/annotations\[0\].category_id: 9/);
    expect(() => readCoco(bad({ segmentation: [] }))).toThrow(/no polygon/);
    expect(() => readCoco(bad({ segmentation: [[1, 2, 3]] }))).toThrow(/no pairs/);
    expect(() => readCoco(bad({ segmentation: [[1, 2, 3, 4]] }))).toThrow(/at least 3 points/);
    expect(() => readCoco(bad({ segmentation: [[1, 2, 3, 4, "5", 6]] }))).toThrow(
      /segmentation\[0\]\[4\]: expected a number/,
    );
    expect(() => readCoco(bad({ segmentation: { size: [3, 4], counts: [12] } }))).toThrow(/height and width/);
    expect(() => readCoco(bad({ segmentation: { size: [4, 3], counts: [12] } }))).toThrow(/mask is empty/);
  });
});
