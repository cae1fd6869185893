import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRandom, createRaster, DomainError, type LabelMap, ShapeError } from "@materiome/core";
import { readMicrograph } from "@materiome/microstructure";
import { boundaryF1 } from "@materiome/microstructure/compare";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { boundaryMask } from "@materiome/microstructure/regions";
import { segmentGrains } from "@materiome/microstructure/segment";
import { type NoiseLevel, renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";
import { connectedComponents } from "../../src/kernels/index.ts";

function field(size: number, grainSizePx: number, seed = 1): { truth: LabelMap; nTrue: number } {
  const nGrains = Math.round((size / grainSizePx) ** 2);
  const truth = voronoiGrains({ width: size, height: size, nGrains }, createRandom(seed));
  return { truth, nTrue: Math.max(...new Set(truth.data)) };
}

describe("segmentGrains on rendered micrographs", () => {
  it.each<[number, NoiseLevel, "dark" | "bright"]>([
    [12, "low", "dark"],
    [12, "high", "dark"],
    [24, "medium", "dark"],
    [24, "medium", "bright"],
    [24, "high", "bright"],
    [40, "low", "bright"],
    [40, "high", "dark"],
  ])("finds grains of %i px under %s noise with %s boundaries", (grainSizePx, noise, boundary) => {
    const { truth, nTrue } = field(Math.max(180, 10 * grainSizePx), grainSizePx);
    const image = renderMicrograph(truth, { noise, boundary }, createRandom(2));
    const { labels, nGrains, polarity, diagnostics } = segmentGrains(image);
    expect(polarity).toBe(boundary);
    expect(diagnostics.lineShare).toBeGreaterThan(0.6);
    expect(diagnostics.lineShare).toBeLessThanOrEqual(1);
    expect(Math.abs(nGrains / nTrue - 1)).toBeLessThan(0.06);
    const ratio = interceptGrainSize(labels).meanInterceptPx / interceptGrainSize(truth).meanInterceptPx;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.04);
    expect(boundaryF1(boundaryMask(labels), boundaryMask(truth), 2).f1).toBeGreaterThan(0.96);
  });

  it("returns a partition: labels 1 … n without gaps, each one 4-connected region", () => {
    const { labels, nGrains, boundary } = segmentGrains(renderMicrograph(field(256, 20).truth, {}, createRandom(3)));
    const numbers = [...new Set(labels.data)].toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: nGrains }, (_, k) => k + 1));
    expect(connectedComponents(256, 256, labels.data, 4, new Uint32Array(256 * 256))).toBe(nGrains);
    expect(boundary.data).toEqual(boundaryMask(labels).data);
  });

  it("does not depend on exposure: half the contrast on a grey offset gives the same grains", () => {
    const image = renderMicrograph(field(256, 24).truth, { noise: "low" }, createRandom(4));
    const dim = { ...image, data: image.data.map((value) => 0.3 + 0.25 * value) };
    const bright = segmentGrains(image);
    const dark = segmentGrains(dim);
    expect(Math.abs(dark.nGrains / bright.nGrains - 1)).toBeLessThan(0.03);
    expect(boundaryF1(dark.boundary, bright.boundary, 1).f1).toBeGreaterThan(0.98);
  });

  it.each([
    ["wide boundaries", { boundaryWidthPx: 6 }],
    ["sharp, thin boundaries", { boundaryWidthPx: 1, blurPx: 0.4 }],
    ["etch pits", { pitsPerMegapixel: 300 }],
    ["uneven light", { shading: 0.5 }],
    ["faint boundaries on contrasting grains", { boundaryContrast: 0.15, noise: "low" as const }],
  ])("copes with %s", (_name, look) => {
    const { truth, nTrue } = field(324, 36);
    const { labels, nGrains } = segmentGrains(renderMicrograph(truth, look, createRandom(12)));
    expect(Math.abs(nGrains / nTrue - 1)).toBeLessThan(0.06);
    const ratio = interceptGrainSize(labels).meanInterceptPx / interceptGrainSize(truth).meanInterceptPx;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
  });

  it("keeps the calibration", () => {
    const { truth } = field(200, 20);
    const image = renderMicrograph({ ...truth, pixelSizeUm: 0.5 }, {}, createRandom(5));
    expect(segmentGrains(image).labels.pixelSizeUm).toBe(0.5);
  });
});

describe("segmentGrains sees that boundaries are no lines", () => {
  it.each<[NoiseLevel, "dark" | "bright"]>([
    ["low", "dark"],
    ["high", "dark"],
    ["medium", "bright"],
  ])("below 0.3 where the polarity is wrong (%s noise, %s boundaries)", (noise, boundary) => {
    const image = renderMicrograph(field(240, 24).truth, { noise, boundary }, createRandom(2));
    const { diagnostics } = segmentGrains(image, { polarity: boundary === "dark" ? "bright" : "dark" });
    expect(diagnostics.lineShare).toBeLessThan(0.3);
  });

  it.each<NoiseLevel>(["low", "medium", "high"])(
    "below 0.1 where grains differ in grey but have no line (%s noise)",
    (noise) => {
      const look = { boundaryContrast: 0.05, grainContrast: 0.12, noise };
      const { diagnostics } = segmentGrains(renderMicrograph(field(240, 24).truth, look, createRandom(12)));
      expect(diagnostics.lineShare).toBeLessThan(0.1);
    },
  );

  it("is near 1 for a wall between equal greys, and near 0 for a step between two", () => {
    const size = 160;
    const random = createRandom(21);
    const share = (left: number, right: number, depth: number): number => {
      const data = Float32Array.from({ length: size * size }, (_, i) => {
        const x = i % size;
        return (x < 80 ? left : right) - (Math.abs(x - 80) < 1.5 ? depth : 0) + 0.005 * random.normal();
      });
      return segmentGrains(createRaster(data, size, size)).diagnostics.lineShare;
    };
    expect(share(0.7, 0.7, 0.3)).toBeGreaterThan(0.95);
    expect(share(0.8, 0.5, 0)).toBeLessThan(0.1);
  });
});

describe("segmentGrains closes gaps, and leaves open what is open", () => {
  /** White square with a dark wall down the middle, open in the middle over `gap` pixels. */
  function wall(gap: number): Float32Array {
    const size = 120;
    const random = createRandom(6);
    return Float32Array.from({ length: size * size }, (_, i) => {
      const x = i % size;
      const y = Math.floor(i / size);
      const isLine = Math.abs(x - 60) < 1.5 && Math.abs(y - 60) >= gap / 2;
      return (isLine ? 0.3 : 0.8) + 0.01 * random.normal();
    });
  }

  it("bridges a gap a tenth of the grain wide", () => {
    const { nGrains } = segmentGrains(createRaster(wall(10), 120, 120));
    expect(nGrains).toBe(2);
  });

  it("does not invent a boundary where half of it is missing", () => {
    expect(segmentGrains(createRaster(wall(80), 120, 120)).nGrains).toBe(1);
  });
});

describe("segmentGrains absorbs dark islands", () => {
  it("gives a dark blob at a boundary to the grains around it, and keeps a dark grain", () => {
    const { truth } = field(240, 40, 3);
    const image = renderMicrograph(truth, { noise: "low", pitsPerMegapixel: 0 }, createRandom(7));
    const plain = segmentGrains(image);
    const withIsland = { ...image, data: image.data.slice() };
    const boundary = boundaryMask(truth).data;
    let at = 120 * 240 + 100;
    while (boundary[at] !== 1) at++; // the next boundary pixel to the right
    const cx = at % 240;
    const cy = Math.floor(at / 240);
    for (let y = cy - 6; y <= cy + 6; y++) {
      for (let x = cx - 6; x <= cx + 6; x++) {
        if ((x - cx) ** 2 + (y - cy) ** 2 <= 36) withIsland.data[y * 240 + x] = 0.2;
      }
    }
    const island = segmentGrains(withIsland);
    expect(Math.abs(island.nGrains - plain.nGrains)).toBeLessThanOrEqual(1);
    const areas = new Map<number, number>();
    for (const label of island.labels.data) areas.set(label, (areas.get(label) ?? 0) + 1);
    expect(areas.get(island.labels.data[at] ?? 0)).toBeGreaterThan(300); // part of a grain, not a disc of 113 px
  });
});

describe("segmentGrains on bad input", () => {
  const random = createRandom(8);
  const size = 128;
  const make = (value: (x: number, y: number) => number) =>
    createRaster(
      Float32Array.from({ length: size * size }, (_, i) => value(i % size, Math.floor(i / size))),
      size,
      size,
    );

  it.each([
    ["a constant image", make(() => 0.5)],
    ["a black image", make(() => 0)],
    ["noise alone", make(() => 0.5 + 0.05 * random.normal())],
    ["a smooth gradient", make((x, y) => (x + 2 * y) / 600)],
    ["a gradient in 8-bit steps", make((x, y) => Math.round((x + 2 * y) / 4) / 255)],
  ])("says that %s has no boundaries", (_name, image) => {
    const segment = (): unknown => segmentGrains(image);
    expect(segment).toThrow(DomainError);
    expect(segment).toThrow(/no boundary lines above the noise/);
  });

  it("refuses colour, thumbnails, NaN and options out of range", () => {
    const image = renderMicrograph(field(64, 16).truth, {}, createRandom(9));
    expect(() => segmentGrains(createRaster(new Float32Array(48), 4, 4, { channels: 3 }))).toThrow(ShapeError);
    expect(() => segmentGrains(createRaster(new Float32Array(16), 4, 4))).toThrow(/32 × 32/);
    const broken = { ...image, data: image.data.slice() };
    broken.data[5] = Number.NaN;
    expect(() => segmentGrains(broken)).toThrow(/NaN/);
    expect(() => segmentGrains(image, { sensitivity: 1 })).toThrow(/sensitivity/);
    expect(() => segmentGrains(image, { sigmaPx: 0.1 })).toThrow(/sigmaPx/);
  });
});

const data = process.env["MATERIOME_DATA"];

describe("segmentGrains on the NIST steel", () => {
  it.skipIf(data === undefined)("meets the hand trace and the E112 intercept (needs MATERIOME_DATA)", async () => {
    const folder = `${data}/nist-grain-size-micrographs/ex_segmentation/optical_etched`;
    const { grey } = await readMicrograph(`${folder}/grain_structures_steel.tif`, { pixelSizeUm: 0.22523 });
    const traced = await readMicrograph(`${folder}/grains_steel_highlighted.tif`);
    const { labels, boundary, diagnostics } = segmentGrains(grey);
    expect(diagnostics.lineShare).toBeGreaterThan(0.8);
    const trace = Uint8Array.from(grey.data, (value, i) => (traced.grey.data[i]! < value - 1e-6 ? 1 : 0));
    const score = boundaryF1(boundary, createRaster(trace, grey.width, grey.height), 3);
    expect(score.f1).toBeGreaterThan(0.95);
    const { meanInterceptUm } = interceptGrainSize(labels);
    expect(meanInterceptUm).toBeGreaterThan(8.3);
    expect(meanInterceptUm).toBeLessThan(9.9);
  });
});

describe("segmentGrains on real pictures", () => {
  it.skipIf(data === undefined).each(["11-0-0", "19-256-768", "22-256-0", "27-512-256"])(
    "sees few lines on colour-etched grains, crop %s (needs MATERIOME_DATA)",
    async (name) => {
      const { grey } = await readMicrograph(`${data}/tbm-grain-boundaries/TestDataset/images/${name}.png`);
      expect(segmentGrains(grey).diagnostics.lineShare).toBeLessThan(0.3);
    },
  );

  it.skipIf(data === undefined).each(["me3_15kx_3kv_2", "lshr_15kx_3kv_0"])(
    "sees few lines on the precipitates of a superalloy, %s (needs MATERIOME_DATA)",
    async (name) => {
      const zipped = await readFile(`${data}/nasa-superalloy-segmentation/Super2/different_test/${name}.tif.gz`);
      const folder = await mkdtemp(join(tmpdir(), "superalloy-"));
      await writeFile(join(folder, "picture.tif"), gunzipSync(zipped));
      const { grey } = await readMicrograph(join(folder, "picture.tif"));
      await rm(folder, { recursive: true });
      expect(segmentGrains(grey).diagnostics.lineShare).toBeLessThan(0.3);
    },
  );
});
