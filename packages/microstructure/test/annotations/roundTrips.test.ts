import { createRandom, createRaster, type LabelMap } from "@materiome/core";
import {
  type AnnotationSet,
  annotateRegions,
  cocoInstances,
  geoJson,
  imageJRoiZip,
  labelMeJson,
  rasteriseAnnotations,
  readCoco,
  readGeoJson,
  readImageJRois,
  readLabelMe,
} from "@materiome/microstructure/annotations";
import { connectedRegions } from "@materiome/microstructure/regions";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryLabels } from "./arbitraryLabels.ts";

const FORMATS: Record<string, (labels: LabelMap) => AnnotationSet> = {
  polygons: (labels) => annotateRegions(labels),
  "COCO polygons": (labels) => readCoco(JSON.stringify(cocoInstances(labels))),
  "COCO run lengths": (labels) => readCoco(cocoInstances(labels, { segmentation: "rle" })),
  "COCO compressed": (labels) => readCoco(cocoInstances(labels, { segmentation: "compressedRle" })),
  LabelMe: (labels) => readLabelMe(JSON.stringify(labelMeJson(annotateRegions(labels)))),
  GeoJSON: (labels) => readGeoJson(JSON.stringify(geoJson(annotateRegions(labels)))),
  "GeoJSON in µm": (labels) =>
    readGeoJson(geoJson(annotateRegions({ ...labels, pixelSizeUm: 0.137 }), { units: "um" })),
  "ImageJ zip": (labels) => readImageJRois(imageJRoiZip(annotateRegions(labels))),
};

describe("labels come back the same", () => {
  for (const [name, pass] of Object.entries(FORMATS)) {
    it(`through ${name}`, () => {
      fc.assert(
        fc.property(arbitraryLabels(), (labels) => {
          const { width, height } = labels;
          const set = pass(labels);
          const back = rasteriseAnnotations(set, { by: "instance", width, height });
          expect(back.labels.data).toEqual(labels.data);
          expect(back.empty).toEqual([]);
          expect(set.warnings).toEqual([]);
        }),
        { numRuns: 50, seed: 1 },
      );
    });
  }
});

describe("annotateRegions", () => {
  it("gives each 4-connected part one outer ring, clockwise on the screen, and simple rings", () => {
    fc.assert(
      fc.property(arbitraryLabels(), (labels) => {
        const { annotations } = annotateRegions(labels);
        const polygons = annotations.flatMap((annotation) => annotation.polygons);
        expect(polygons.length).toBe(connectedRegions(labels).nRegions);
        let pixels = 0;
        for (const { rings } of polygons) {
          const areas = rings.map(signedArea);
          expect(areas[0]).toBeGreaterThan(0);
          for (const area of areas.slice(1)) expect(area).toBeLessThan(0);
          for (const area of areas) pixels += area;
          for (const ring of rings) {
            const corners = new Set(
              Array.from({ length: ring.length / 2 }, (_, k) => `${ring[2 * k]} ${ring[2 * k + 1]}`),
            );
            expect(corners.size).toBe(ring.length / 2);
          }
        }
        expect(pixels).toBe(labels.data.filter((label) => label !== 0).length);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it("simplifies within the tolerance", () => {
    const labels = voronoiGrains({ width: 120, height: 100, nGrains: 25 }, createRandom(4));
    const exact = annotateRegions(labels);
    const coarse = annotateRegions(labels, { tolerancePx: 1 });
    const count = (set: AnnotationSet): number =>
      set.annotations
        .flatMap((a) => a.polygons.flatMap((p) => p.rings))
        .reduce((sum, ring) => sum + ring.length / 2, 0);
    expect(count(coarse)).toBeLessThan(count(exact) / 4);
    const back = rasteriseAnnotations(coarse, { by: "instance", overlap: "later", crossing: "evenOdd" }).labels;
    let differ = 0;
    for (const [i, label] of back.data.entries()) {
      if (label === labels.data[i]) continue;
      differ++;
      const [x, y] = [i % 120, Math.floor(i / 120)];
      const near = [-2, -1, 0, 1, 2].some((dy) =>
        [-2, -1, 0, 1, 2].some((dx) => {
          const [u, v] = [x + dx, y + dy];
          return u < 0 || v < 0 || u >= 120 || v >= 100 || labels.data[v * 120 + u] !== labels.data[i];
        }),
      );
      expect(near).toBe(true); // only pixels at a boundary change
    }
    expect(differ).toBeGreaterThan(0);
    expect(() => annotateRegions(labels, { tolerancePx: -1 })).toThrow(/zero or more/);
  });

  it("passes classes on", () => {
    const labels = createRaster(Uint32Array.of(1, 2, 2, 0), 4, 1);
    const set = annotateRegions(labels, { classOf: (label) => (label === 1 ? "carbide" : "ferrite") });
    const { labels: classes, classes: names } = rasteriseAnnotations(set);
    expect(names).toEqual(["carbide", "ferrite"]);
    expect([...classes.data]).toEqual([1, 2, 2, 0]);
    expect([...rasteriseAnnotations(set, { classes: ["ferrite", "carbide"] }).labels.data]).toEqual([2, 1, 1, 0]);
  });
});

function signedArea(ring: Float64Array): number {
  let area = 0;
  for (let k = 0; k < ring.length; k += 2) {
    const l = (k + 2) % ring.length;
    area += ring[k] * ring[l + 1] - ring[l] * ring[k + 1];
  }
  return area / 2;
}
