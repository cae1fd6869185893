import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  closeWorkers,
  createRandom,
  createRaster,
  DomainError,
  FormatError,
  type LabelMap,
  type Raster,
} from "@materiome/core";
import { type ImageMeasurement, writeMicrographPng } from "@materiome/microstructure";
import { bandSpace, classifyBands, digitizeMosaic, memoryStore } from "@materiome/microstructure/mosaic";
import { boundaryRegions, classifyPixels, trainPixelClassifier } from "@materiome/microstructure/pixels";
import { boundaryMask } from "@materiome/microstructure/regions";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExtraFile } from "../../src/annotations/exportRegions.ts";
import { type DigitizeRequest, digitizeFile } from "../../src/digitize/digitizeFile.ts";
import { runMosaic } from "../../src/mosaic/mosaicTask.ts";
import { centroidLearner } from "../pixels/centroidLearner.ts";
import { insertTwins } from "../segment/insertTwins.ts";

const WIDTH = 120;
const HEIGHT = 90;
const PIXEL_SIZE_UM = 0.5;
const truth = voronoiGrains({ width: WIDTH, height: HEIGHT, nGrains: 30, pixelSizeUm: PIXEL_SIZE_UM }, createRandom(1));
const steel = renderMicrograph(truth, { noise: "low" }, createRandom(2));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "digitize-mosaic-"));
  await writeMicrographPng(join(folder, "steel.png"), steel);
});
afterAll(async () => {
  await closeWorkers();
  await rm(folder, { recursive: true });
});

type Options = Omit<DigitizeRequest, "file">;

/** Digitizes a picture whole and in bands of 16 rows and more, and compares all that is found, written and said. */
async function compare(name: string, options: Options, width = WIDTH): Promise<ImageMeasurement & { method: string }> {
  const file = join(folder, `${name}.png`);
  const whole = await digitizeFile({ ...options, file });
  const labelsTemporary = join(folder, "bands.labels.tif");
  const uncertaintyTemporary = join(folder, "bands.uncertainty.tif");
  const bands = await runMosaic({
    ...options,
    method: options.method ?? "auto",
    exports: options.exports ?? [],
    file,
    folder,
    labelsTemporary,
    uncertaintyTemporary,
    bandPixels: 16 * width,
  });
  expect(bands.measurement).toEqual(whole.measurement);
  expect(bands.record).toEqual(whole.record);
  expect(bands.grainsCsv).toBe(whole.grainsCsv);
  expect(await samePixels(bands.overlayPng, whole.overlayPng)).toBe(true);
  expect(await samePixels(labelsTemporary, whole.labelsTiff)).toBe(true);
  const further = [...whole.extras];
  if (options.model !== undefined) {
    expect(await samePixels(uncertaintyTemporary, further.pop()?.data as Uint8Array)).toBe(true);
    await rm(uncertaintyTemporary);
  }
  const texts = (files: readonly ExtraFile[]): string[] =>
    files.map(({ key, ending, data }) => `${key} ${ending} ${Buffer.from(data as Uint8Array).toString("latin1")}`);
  expect(texts(bands.exports).join() === texts(further).join()).toBe(true);
  await rm(labelsTemporary);
  return { ...whole.measurement, method: whole.record.method };
}

async function samePixels(...images: [string | Uint8Array, string | Uint8Array]): Promise<boolean> {
  const [one, two] = await Promise.all(images.map((image) => sharp(image).raw({ depth: "float" }).toBuffer()));
  return one !== undefined && two !== undefined && one.equals(two);
}

describe("digitizeMosaic", () => {
  it("writes, measures and says what digitizing the whole image does: lines", async () => {
    const image = await compare("steel", {
      method: "lines",
      pixelSizeUm: PIXEL_SIZE_UM,
      exports: ["coco", "labelme", "geojson", "imagej"],
    });
    expect(image.nGrains).toBeGreaterThan(20);
    await compare("steel", { method: "dark" });
    // A pixel size given in nm: an absurd grain size is doubted on either road.
    const absurd = await compare("steel", { method: "lines", pixelSizeUm: 500 });
    expect(absurd.warnings.join()).toContain("is outside the usual");
  });

  it("joins twins, and takes lines that are hardly there with the same doubts", async () => {
    // Grains of one grey each, with brighter lamellae.
    const grains = voronoiGrains({ width: WIDTH, height: HEIGHT, nGrains: 7, relaxations: 2 }, createRandom(4));
    const { labels, twins, grainOf } = insertTwins(grains, 1, createRandom(13));
    const random = createRandom(4);
    const shades = Float64Array.from({ length: 8 }, () => 0.2 + 0.35 * random.next());
    const data = Float32Array.from(labels.data, (label) => {
      return shades[grainOf[label]!]! + (twins.has(label) ? 0.3 : 0) + 0.01 * random.normal();
    });
    await writeMicrographPng(join(folder, "twinned.png"), createRaster(data, WIDTH, HEIGHT));
    const joined = await compare("twinned", { method: "contrast", twins: "merge" });
    expect(joined.kind === "grains" && joined.twinRule).toMatch(/^[1-9]\d* regions joined/);
    const faint = renderMicrograph(truth, { boundaryContrast: 0.05, grainContrast: 0.12 }, createRandom(2));
    await writeMicrographPng(join(folder, "faint.png"), faint);
    const { warnings } = await compare("faint", { method: "lines" });
    expect(warnings[0]).toContain("do not use this grain size");
  });

  it("cuts a data bar off, or keeps it, as asked", async () => {
    // A white strip with black strokes, blank rows above and below them.
    const rows = 20;
    const bar = Float32Array.from({ length: rows * WIDTH }, (_, i) => {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      return y > 5 && y < 14 && x > 10 && x < 60 && x % 5 < 2 ? 0 : 1;
    });
    const data = new Float32Array((HEIGHT + rows) * WIDTH);
    data.set(steel.data);
    data.set(bar, HEIGHT * WIDTH);
    await writeMicrographPng(join(folder, "barred.png"), createRaster(data, WIDTH, HEIGHT + rows));
    const cut = await compare("barred", { method: "lines", pixelSizeUm: PIXEL_SIZE_UM });
    expect(cut.height).toBe(HEIGHT);
    const kept = await compare("barred", { method: "lines", pixelSizeUm: PIXEL_SIZE_UM, dataBar: "keep" });
    expect(kept.height).toBe(HEIGHT + rows);
  });

  it("names a file that is missing, no image or no micrograph, and leaves nothing behind", async () => {
    const outDir = join(folder, "refused");
    await mkdir(outDir);
    await expect(digitizeMosaic(join(folder, "none.tif"), { outDir })).rejects.toThrow(FormatError);
    const text = join(folder, "text.tif");
    await writeFile(text, "no image");
    await expect(digitizeMosaic(text, { outDir })).rejects.toThrow(/no image/);
    await expect(digitizeMosaic("a.tif", { outDir, bandPixels: 0 })).rejects.toThrow(DomainError);
    const flat = join(folder, "flat.png");
    await writeMicrographPng(flat, createRaster(new Float32Array(64 * 64).fill(0.4), 64, 64));
    await expect(digitizeMosaic(flat, { outDir })).rejects.toThrow(/uniform .* on reading the file: all pixels/s);
    expect(await readdir(outDir)).toEqual([]);
  });
});

describe("every method on a mosaic", () => {
  const random = createRandom(7);
  const noisy = (greyAt: (x: number, y: number, i: number) => number): Raster<Float32Array> =>
    createRaster(
      Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
        const grey = greyAt(i % WIDTH, Math.floor(i / WIDTH), i) + 0.015 * random.normal();
        return Math.min(1, Math.max(0, grey));
      }),
      WIDTH,
      HEIGHT,
    );
  const shades = Float64Array.from({ length: 31 }, () => random.next());
  /** Pairs of discs of radius 5 that touch, on a grid of 24 px. */
  const isInDisc = (x: number, y: number): boolean =>
    Math.min(Math.hypot((x % 24) - 6, (y % 24) - 9), Math.hypot((x % 24) - 15, (y % 24) - 9)) < 5;
  const pictures: Record<string, Raster<Float32Array>> = {
    contrast: noisy((_x, _y, i) => 0.2 + 0.6 * shades[truth.data[i]!]!),
    particles: noisy((x, y) => (isInDisc(x, y) ? 0.75 : 0.35)),
    pores: noisy((x, y) => (isInDisc(x, y) ? 0.1 : 0.7)),
    layers: noisy((x, y) => (y < 30 + 3 * Math.sin(x / 9) ? 0.2 : y < 62 + 2 * Math.cos(x / 7) ? 0.8 : 0.45)),
  };

  it.each(Object.keys(pictures) as ("contrast" | "particles" | "pores" | "layers")[])("%s", async (method) => {
    await writeMicrographPng(join(folder, `${method}.png`), pictures[method]!);
    const segment = { particles: { minAreaUm2: 3 }, pores: { minAreaPx: 12 } };
    const found = await compare(method, { method, segment, pixelSizeUm: PIXEL_SIZE_UM });
    expect(found.method).toBe(method);
    expect(found.nGrains).toBeGreaterThan(2);
  });

  it("colour, and the choice by the look of the image", async () => {
    const tints = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, k) => {
      const label = truth.data[Math.floor(k / 3)]!;
      return 60 + ((label * (k % 3 === 0 ? 37 : k % 3 === 1 ? 91 : 53)) % 150) + random.int(6);
    });
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
    await sharp(tints, { raw }).png().toFile(join(folder, "colour.png"));
    expect((await compare("colour", { method: "colour" })).nGrains).toBeGreaterThan(15);
    expect((await compare("colour", {})).method).toBe("colour");
    expect((await compare("colour", { method: "colour", twins: "merge" })).kind).toBe("grains");
    expect((await compare("layers", {})).method).toBe("layers");
  });
});

describe("a trained model on a mosaic", () => {
  const boundaries: LabelMap = (() => {
    const { data } = boundaryMask(truth);
    return createRaster(
      Uint32Array.from(data, (isLine) => isLine + 1),
      WIDTH,
      HEIGHT,
    );
  })();
  const train = async (image: Raster<Float32Array>, labels: LabelMap, classes: string[], name: string) => {
    const options = { classes, samplesPerImage: 300, nFolds: 2, normalise: "image" } as const;
    const features = { scalesPx: [1, 2], lineShapes: [], surroundingsPx: [4] };
    const random = createRandom(3);
    const learner = centroidLearner();
    const { classifier } = await trainPixelClassifier(
      [
        { image, labels },
        { image, labels },
      ],
      learner,
      { ...options, features },
      { random, threads: 1 },
    );
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify(classifier.toJSON()));
    return { classifier, model: { path, readerModule: learner.module } };
  };

  it("finds the grains of the whole image", async () => {
    const { model, classifier } = await train(steel, boundaries, ["grain", "boundary"], "grains");
    const image = await compare("steel", { pixelSizeUm: PIXEL_SIZE_UM, model, exports: ["geojson"] });
    expect(image.method).toBe("model");
    expect(image.nGrains).toBeGreaterThan(10);
    const joined = await compare("steel", { pixelSizeUm: PIXEL_SIZE_UM, model, twins: "merge" });
    expect(joined).toMatchObject({ twinRule: expect.stringContaining("regions joined") });
    const whole = boundaryRegions(await classifyPixels(steel, classifier, { threads: 1 }));
    const grey = memoryStore("float32", WIDTH, HEIGHT, steel.data);
    const space = bandSpace(WIDTH, HEIGHT, { bandRows: 17 });
    const { labels, nRegions } = await classifyBands(space, grey, classifier, { tilePx: 37 });
    expect(labels.read(0, HEIGHT)).toEqual(whole.data);
    expect(nRegions).toBe(whole.data.reduce((most, label) => Math.max(most, label), 0));
  });

  it("finds the bodies of the phases, in grey and in colour", async () => {
    const phases = Uint32Array.from(truth.data, (label) => 1 + (label % 7 === 0 ? 2 : label % 3 === 0 ? 1 : 0));
    const colour = new Float32Array(3 * phases.length);
    for (const [i, phase] of phases.entries()) {
      const noise = 0.01 * Math.sin(i * 1.7);
      colour.set([0.2 + 0.2 * phase + noise, 0.5 + noise, 0.9 - 0.2 * phase], 3 * i);
    }
    const tinted = createRaster(colour, WIDTH, HEIGHT, { channels: 3 });
    await sharp(
      Uint8Array.from(colour, (v) => Math.round(255 * v)),
      {
        raw: { width: WIDTH, height: HEIGHT, channels: 3 },
      },
    )
      .png()
      .toFile(join(folder, "tinted.png"));
    const labels = createRaster(phases, WIDTH, HEIGHT);
    const names = ["ferrite", "pearlite", "carbide"];
    const grey = createRaster(
      Float32Array.from(phases, (_, i) => colour[3 * i]!),
      WIDTH,
      HEIGHT,
    );
    for (const [image, name] of [
      [tinted, "tints"],
      [grey, "greys"],
    ] as const) {
      const { model } = await train(image, labels, names, name);
      const found = await compare("tinted", { model, otherColour: "convert" });
      expect(found.phaseFractions.map(({ phase }) => phase)).toEqual(names);
      const asked = await compare("tinted", { model, otherColour: "convert", twins: "merge" });
      expect(asked.warnings.join()).toContain("twins are joined in grains only; the regions found are particles");
    }
  });
});
