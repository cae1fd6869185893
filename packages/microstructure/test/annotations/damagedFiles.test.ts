import { createRandom, createRaster, isMateriomeError } from "@materiome/core";
import {
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
import { describe, expect, it } from "vitest";

describe("damaged files", () => {
  const random = createRandom(3);
  const labels = createRaster(
    Uint32Array.from({ length: 120 }, () => random.int(4)),
    12,
    10,
  );
  const set = annotateRegions(labels);

  /** Reads 200 damaged copies; every error must be one of ours. */
  function attempt(read: () => void): void {
    let refused = 0;
    for (let k = 0; k < 200; k++) {
      try {
        read();
      } catch (error) {
        if (!isMateriomeError(error)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  }

  const texts = {
    COCO: [JSON.stringify(cocoInstances(labels, { segmentation: "compressedRle" })), readCoco],
    LabelMe: [JSON.stringify(labelMeJson(set)), readLabelMe],
    GeoJSON: [JSON.stringify(geoJson(set)), readGeoJson],
  } as const;
  for (const [name, [text, read]] of Object.entries(texts)) {
    it(`of ${name} are read or refused in so many words`, () => {
      attempt(() => {
        const at = random.int(text.length);
        const other = ["1", "null", '"', "[", "-5", "{}"][random.int(6)];
        const changed = text.slice(0, at) + (random.next() < 0.5 ? other + text.slice(at + 1) : "");
        rasteriseAnnotations(read(changed), { width: 12, height: 10 });
      });
    });
  }

  it("of ImageJ are read or refused in so many words", () => {
    const zip = imageJRoiZip(set);
    attempt(() => {
      const damaged = zip.slice();
      for (let k = 0; k < 3; k++) damaged[random.int(zip.length)] = random.int(256);
      const end = random.next() < 0.3 ? random.int(zip.length) : zip.length;
      rasteriseAnnotations(readImageJRois(damaged.subarray(0, end)), { width: 12, height: 10 });
    });
  });
});
