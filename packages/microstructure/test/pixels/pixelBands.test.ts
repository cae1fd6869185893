import { createRandom, createRaster, DomainError, type Raster } from "@materiome/core";
import { bandSpace, boundaryRegionBands, imageStatisticsBands, memoryStore } from "@materiome/microstructure/mosaic";
import { boundaryRegions, imageStatistics } from "@materiome/microstructure/pixels";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChannelRows } from "../../src/bands/imageRows.ts";
import { channelRows } from "../../src/segment/channelRows.ts";

function noise(width: number, height: number, channels: 1 | 3): Raster<Float32Array> {
  const random = createRandom(4);
  const data = Float32Array.from({ length: width * height * channels }, () => random.next());
  return createRaster(data, width, height, { channels });
}

const rowsOf = (image: Raster<Float32Array>): ChannelRows =>
  image.channels === 1 ? channelRows(image, 0) : [channelRows(image, 0), channelRows(image, 1), channelRows(image, 2)];

const BAND_ROWS = [1, 7, 30];

describe("imageStatisticsBands", () => {
  it.each(BAND_ROWS)(
    "finds mean 3/8 and deviation √15 / 8 where six rows of sixteen are white, bands of %i rows",
    (bandRows) => {
      const rows = memoryStore(
        "float32",
        5,
        16,
        Float32Array.from({ length: 80 }, (_, i) => (i < 30 ? 1 : 0)),
      );
      const { mean, deviation } = imageStatisticsBands(bandSpace(5, 16, { bandRows }), rows);
      expect(mean).toBe(0.375);
      expect(deviation).toBeCloseTo(Math.sqrt(15) / 8, 15);
    },
  );

  it.each([1, 3] as const)("gives the numbers of the whole image to the last bit: %i channels", (channels) => {
    const image = noise(23, 30, channels);
    for (const bandRows of BAND_ROWS) {
      const space = bandSpace(23, 30, { bandRows });
      expect(imageStatisticsBands(space, rowsOf(image))).toEqual(imageStatistics(image));
    }
  });
});

describe("boundaryRegionBands", () => {
  function inBands(width: number, probability: Float32Array, bandRows: number, options = {}) {
    const height = probability.length / width;
    const space = bandSpace(width, height, { bandRows });
    const { labels, n } = boundaryRegionBands(space, memoryStore("float32", width, height, probability), options);
    return { n, data: labels.read(0, height) };
  }

  const whole = (width: number, probability: Float32Array, options = {}): Uint32Array =>
    boundaryRegions(createRaster(probability, width, probability.length / width), options).data;

  it.each(BAND_ROWS)("parts three fields by lines along and across the seams, bands of %i rows", (bandRows) => {
    // A line along row 11, and one down column 15 from there.
    const probability = Float32Array.from({ length: 900 }, (_, i) => {
      const [x, y] = [i % 30, Math.floor(i / 30)];
      return y === 11 || (x === 15 && y > 11) ? 0.9 : 0.05;
    });
    const { n, data } = inBands(30, probability, bandRows, { threshold: 0.3 });
    expect(n).toBe(3);
    for (let y = 0; y < 30; y++) {
      for (const [x, label] of [
        [3, y < 11 ? 1 : 2],
        [27, y < 11 ? 1 : 3],
      ] as const) {
        if (Math.abs(y - 11) > 1) expect(data[30 * y + x]).toBe(label);
      }
    }
  });

  it("gives the regions of the whole image for any size, band and option", () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 25 }),
          height: fc.integer({ min: 1, max: 30 }),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 })),
          nLevels: fc.constantFrom(2, 5, 1000),
          threshold: fc.constantFrom(0, 0.4, 0.6, 1),
          smoothingPx: fc.constantFrom(0, 0.6, 1.5),
          minDepth: fc.constantFrom(0, 0.03, 0.3),
          seed: fc.nat(1e6),
        }),
        ({ width, height, bandRows, nLevels, seed, ...options }) => {
          const random = createRandom(seed);
          const probability = Float32Array.from({ length: width * height }, () => random.int(nLevels) / nLevels);
          const { n, data } = inBands(width, probability, bandRows, options);
          expect(data).toEqual(whole(width, probability, options));
          expect(n).toBe(data.reduce((most, label) => Math.max(most, label), 0));
        },
      ),
      { seed: 3, numRuns: 80 },
    );
  });

  it.each([1, 7, 90])("does so for grains with faint boundaries, bands of %i rows", (bandRows) => {
    const random = createRandom(6);
    const grains = voronoiGrains({ width: 80, height: 90, nGrains: 40 }, random).data;
    const probability = Float32Array.from(grains, (label, i) => {
      const isBoundary = grains[i + 1] !== label || grains[i + 80] !== label;
      return (isBoundary ? 0.4 + 0.5 * random.next() : 0) + 0.1 * random.next();
    });
    const { n, data } = inBands(80, probability, bandRows);
    expect(n).toBeGreaterThan(20);
    expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(whole(80, probability).buffer))).toBe(0);
  });

  it("refuses options outside their range", () => {
    for (const options of [{ threshold: 2 }, { minDepth: -1 }, { smoothingPx: -1 }]) {
      expect(() => inBands(2, new Float32Array(8), 1, options)).toThrow(DomainError);
    }
  });
});
