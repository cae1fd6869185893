import { createRandom, createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { boundaryF1 } from "@materiome/microstructure/compare";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { boundaryMask } from "@materiome/microstructure/regions";
import {
  layerThickness,
  segmentColourGrains,
  segmentContrastGrains,
  segmentLayers,
  segmentMicrograph,
} from "@materiome/microstructure/segment";
import { type NoiseLevel, renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

const mosaic = (size: number, grainPx: number): LabelMap =>
  voronoiGrains({ width: size, height: size, nGrains: Math.round((size / grainPx) ** 2) }, createRandom(1));

/** Grains of different colour and a little noise, no lines. */
function coloured(labels: LabelMap): Raster<Float32Array> {
  const random = createRandom(5);
  const hues = new Map<number, number[]>();
  for (const label of [...new Set(labels.data)].sort((a, b) => a - b)) {
    hues.set(label, [0.3 + 0.5 * random.next(), 0.3 + 0.5 * random.next(), 0.3 + 0.5 * random.next()]);
  }
  const data = Float32Array.from({ length: 3 * labels.data.length }, (_, i) => {
    const hue = hues.get(labels.data[Math.floor(i / 3)]!)!;
    return Math.min(1, Math.max(0, hue[i % 3]! + 0.02 * random.normal()));
  });
  return createRaster(data, labels.width, labels.height, { channels: 3 });
}

function greyOf(colour: Raster<Float32Array>): Raster<Float32Array> {
  const data = new Float32Array(colour.width * colour.height);
  for (let i = 0; i < data.length; i++) {
    data[i] = 0.2126 * colour.data[3 * i]! + 0.7152 * colour.data[3 * i + 1]! + 0.0722 * colour.data[3 * i + 2]!;
  }
  return createRaster(data, colour.width, colour.height);
}

function bands(size: number, vertical = false): Raster<Float32Array> {
  const random = createRandom(6);
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const along = vertical ? Math.floor(i / size) : i % size;
    const across = vertical ? i % size : Math.floor(i / size);
    const wave = 4 * Math.sin(along / 15);
    return (across < 0.3 * size + wave ? 0.8 : across < 0.5 * size + wave ? 0.5 : 0.25) + 0.03 * random.normal();
  });
  return createRaster(data, size, size);
}

describe("segmentContrastGrains", () => {
  it.each<[number, number, NoiseLevel, number]>([
    [24, 0.12, "low", 0.95],
    [24, 0.12, "high", 0.88],
    [40, 0.06, "medium", 0.87],
  ])("finds grains of %i px, grey spread %f, %s noise, without lines", (grainPx, grainContrast, noise, leastF1) => {
    const truth = mosaic(240, grainPx);
    const look = { boundaryContrast: 0, grainContrast, noise, meanGrey: 0.5, pitsPerMegapixel: 0 };
    const { labels, nGrains } = segmentContrastGrains(renderMicrograph(truth, look, createRandom(2)));
    expect(nGrains).toBe(new Set(labels.data).size);
    expect(boundaryF1(boundaryMask(labels), boundaryMask(truth), 2).f1).toBeGreaterThan(leastF1);
    const ratio = interceptGrainSize(labels).meanInterceptPx / interceptGrainSize(truth).meanInterceptPx;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.17);
  });

  it("does not cut an image that is only shaded and noisy into grains", () => {
    const random = createRandom(7);
    const data = Float32Array.from({ length: 128 * 128 }, (_, i) => 0.3 + 0.002 * (i % 128) + 0.02 * random.normal());
    expect(segmentContrastGrains(createRaster(data, 128, 128)).nGrains).toBeLessThanOrEqual(2);
    expect(segmentContrastGrains(createRaster(new Float32Array(400).fill(0.5), 20, 20)).nGrains).toBe(1);
  });
});

describe("segmentColourGrains", () => {
  it("finds grains by colour that grey does not tell apart", () => {
    const truth = mosaic(200, 30);
    const { labels } = segmentColourGrains(coloured(truth));
    expect(boundaryF1(boundaryMask(labels), boundaryMask(truth), 2).f1).toBeGreaterThan(0.95);
  });

  it("keeps only clearer boundaries when it is strict", () => {
    const image = coloured(mosaic(120, 20));
    const usual = segmentColourGrains(image).nGrains;
    expect(segmentColourGrains(image, { strictness: 4 }).nGrains).toBeLessThan(usual);
    expect(() => segmentColourGrains(image, { strictness: 0 })).toThrow(DomainError);
    expect(() => segmentColourGrains(greyOf(image))).toThrow(ShapeError);
  });
});

describe("segmentLayers", () => {
  it.each([false, true])("finds three wavy bands (upright: %s)", (vertical) => {
    const { labels, nLayers, direction } = segmentLayers(bands(160, vertical));
    expect(nLayers).toBe(3);
    expect(direction).toBe(vertical ? "vertical" : "horizontal");
    const { inPx, coverage } = layerThickness(labels, { label: 2 });
    expect(Math.abs(inPx.mean - 31.5)).toBeLessThan(1.2); // 32 px across, waves up to 15° steep
    expect(coverage).toBeGreaterThan(0.99);
  });

  it("is not pulled by pores", () => {
    const image = bands(160);
    for (const [cx, cy] of [
      [30, 40],
      [80, 52],
      [120, 80],
    ] as const) {
      for (let y = cy - 5; y <= cy + 5; y++) for (let x = cx - 5; x <= cx + 5; x++) image.data[y * 160 + x] = 0.02;
    }
    expect(Math.abs(layerThickness(segmentLayers(image).labels, { label: 2 }).inPx.mean - 31.5)).toBeLessThan(1.8);
  });

  it("refuses an image without bands and bad options", () => {
    expect(() => segmentLayers(createRaster(new Float32Array(1024).fill(0.5), 32, 32))).toThrow(/no layers/);
    expect(() => segmentLayers(bands(32), { nLayers: 1 })).toThrow(DomainError);
    expect(() => segmentLayers(bands(32), { maxSlope: 0.5 })).toThrow(DomainError);
  });
});

describe("segmentMicrograph chooses by the look of the image and says why", () => {
  const truth = mosaic(220, 24);
  const discs = createRaster(
    Float32Array.from({ length: 220 * 220 }, (_, i) => {
      const isDisc = Math.hypot(((i % 220) % 30) - 15, (Math.floor(i / 220) % 30) - 15) < 8;
      return (isDisc ? 0.7 : 0.35) + 0.02 * Math.sin(i * 12.9898);
    }),
    220,
    220,
  );
  const holes = { ...discs, data: discs.data.map((v) => (v > 0.5 ? 0.05 : 0.8)) };

  it.each([
    ["dark lines", "lines", () => ({ grey: renderMicrograph(truth, {}, createRandom(2)) })],
    ["bright lines", "lines", () => ({ grey: renderMicrograph(truth, { boundary: "bright" }, createRandom(2)) })],
    ["colours", "colour", () => ({ grey: greyOf(coloured(truth)), colour: coloured(truth) })],
    [
      "greys",
      "contrast",
      () => ({
        grey: renderMicrograph(truth, { boundaryContrast: 0, grainContrast: 0.1, meanGrey: 0.5 }, createRandom(2)),
      }),
    ],
    ["discs", "particles", () => ({ grey: discs })],
    ["holes", "pores", () => ({ grey: holes })],
    ["bands", "layers", () => ({ grey: bands(160) })],
  ] as const)("%s: %s", (_name, method, image) => {
    const result = segmentMicrograph(image());
    expect(result.method).toBe(method);
    expect(result.kind).toBe(["lines", "colour", "contrast"].includes(method) ? "grains" : method);
    expect(result.reason).toMatch(/\d/);
    expect(result.confidence).toBeGreaterThan(0.25);
    expect(result.warnings).toEqual([]);
    expect(result.nRegions).toBe(new Set(result.labels.data).size - (result.labels.data.includes(0) ? 1 : 0));
  });

  it("warns where two methods are about as likely", () => {
    const grey = renderMicrograph(
      truth,
      { boundaryContrast: 0.08, grainContrast: 0.05, noise: "low" },
      createRandom(2),
    );
    const { confidence, warnings } = segmentMicrograph({ grey });
    expect(confidence < 0.25).toBe(warnings.some((text) => text.includes("little confidence")));
  });

  it("runs the method that is asked for, and warns where the picture does not suit it", () => {
    const grey = renderMicrograph(truth, { boundaryContrast: 0, grainContrast: 0.1, meanGrey: 0.5 }, createRandom(2));
    const result = segmentMicrograph({ grey }, { method: "lines" });
    expect(result).toMatchObject({ method: "lines", kind: "grains", reason: "chosen by the caller" });
    expect(result.warnings.join()).toMatch(/shows a line/);
    expect(result.character).toBeUndefined();
  });

  it("warns, and has no confidence, where grains of even grey do not explain the image", () => {
    const random = createRandom(3);
    const at = (x: number, y: number, cx: number, cy: number): number => Math.hypot(x - cx, y - cy);
    const centres = Array.from({ length: 60 }, () => [220 * random.next(), 220 * random.next()] as const);
    const rimmed = Float32Array.from({ length: 220 * 220 }, (_, i) => {
      const near = Math.min(...centres.map(([cx, cy]) => at(i % 220, Math.floor(i / 220), cx, cy)));
      return 0.45 + 0.15 * Math.cos(near / 2.5) * Math.exp(-near / 14) + 0.02 * random.normal();
    });
    const image = { grey: createRaster(rimmed, 220, 220) };
    const { warnings } = segmentMicrograph(image, { method: "contrast" });
    expect(warnings.join()).toMatch(/do not use this grain size.*train a pixel classifier/);
    const chosen = segmentMicrograph(image);
    if (chosen.method === "contrast") expect(chosen.confidence).toBe(0);
  });

  it("refuses a uniform image, colour where there is none, sizes that do not fit", () => {
    const flat = createRaster(new Float32Array(64 * 64).fill(0.5), 64, 64);
    expect(() => segmentMicrograph({ grey: flat })).toThrow(/every pixel has the grey 0.500/);
    expect(() => segmentMicrograph({ grey: discs }, { method: "colour" })).toThrow(/needs a colour image/);
    const colour = createRaster(new Float32Array(3 * 400), 20, 20, { channels: 3 });
    expect(() => segmentMicrograph({ grey: discs, colour })).toThrow(ShapeError);
    expect(() => segmentMicrograph({ grey: createRaster(new Float32Array(1), 1, 1) })).toThrow(ShapeError);
  });
});
