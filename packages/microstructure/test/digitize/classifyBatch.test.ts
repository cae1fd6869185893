import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, FormatError } from "@materiome/core";
import { classifyBatch, encodeFloatTiff, readLabelImage, writeMicrographPng } from "@materiome/microstructure";
import { classifyPixels, createTrainedSegmenter, labelPixels, uncertaintyMap } from "@materiome/microstructure/pixels";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pictureOf, touchingDiscs } from "../patches/touchingDiscs.ts";
import { blockSegmenter } from "../pixels/blockSegmenter.ts";
import { distanceSegmenter } from "../pixels/distanceSegmenter.ts";

const WIDTH = 150;
const HEIGHT = 90;
const random = createRandom(3);
const image = createRaster(
  Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const isBright = Math.hypot((i % 50) - 25, (Math.floor(i / WIDTH) % 45) - 22) < 14;
    return Math.round(255 * Math.min(1, Math.max(0, (isBright ? 0.7 : 0.3) + 0.05 * random.normal()))) / 255;
  }),
  WIDTH,
  HEIGHT,
);
const classifier = createTrainedSegmenter(blockSegmenter(), {
  normalise: "image",
  pixelSizeUm: 0.5,
  ranges: [{ low: -2, high: 2, isLimited: true }],
});

let folder: string;
const at = (name: string): string => join(folder, name);
const options = () => ({
  model: { path: at("model.json"), readerModule: new URL("../pixels/blockSegmenter.ts", import.meta.url).href },
  threads: 1,
  pixelSizeUm: 0.5,
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "classify-batch-"));
  await writeFile(at("model.json"), JSON.stringify(classifier));
  await writeMicrographPng(at("field.png"), image);
});
afterAll(() => rm(folder, { recursive: true }));

describe("classifyBatch", () => {
  it("writes the classes of classifyPixels, their probabilities and where they are in doubt, and counts them", async () => {
    const outDir = at("whole");
    const { images, skipped, classes } = await classifyBatch([at("field.png")], {
      ...options(),
      outDir,
      hasProbabilities: true,
    });
    expect([skipped, classes]).toEqual([[], ["dark", "bright"]]);
    const [found] = images;
    expect(found).toMatchObject({ width: WIDTH, height: HEIGHT, pixelSizeUm: 0.5, calibrationSource: "option" });
    expect(await readdir(outDir)).toHaveLength(4);
    const probabilities = await classifyPixels(image, classifier, { threads: 1 });
    const { labels } = await readLabelImage(join(outDir, found!.outputs.labels));
    expect(labels.data).toEqual(labelPixels(probabilities).data);
    const bright = labels.data.filter((label) => label === 2).length;
    expect(found!.classes[1]).toEqual({ name: "bright", pixels: bright, fraction: bright / labels.data.length });
    const doubt = uncertaintyMap(probabilities).data;
    expect(found!.meanUncertainty).toBeCloseTo(doubt.reduce((sum, value) => sum + value, 0) / doubt.length, 6);
    const tiff = await readFile(join(outDir, found!.outputs.probabilities!));
    expect(tiff.equals(encodeFloatTiff({ ...probabilities, pixelSizeUm: 0.5 }, { names: classes }))).toBe(true);
  });

  it("gives the same in bands", async () => {
    const [whole, banded] = [at("one"), at("bands")];
    const asked = { ...options(), threads: 1 };
    const one = await classifyBatch([at("field.png")], { ...asked, outDir: whole });
    const bands = await classifyBatch([at("field.png")], { ...asked, outDir: banded, mostPixels: 100 });
    const { meanUncertainty, ...rest } = bands.images[0]!;
    expect(meanUncertainty).toBeCloseTo(one.images[0]!.meanUncertainty, 6);
    expect({ ...rest, meanUncertainty: one.images[0]!.meanUncertainty }).toEqual(one.images[0]);
    expect((await readLabelImage(join(banded, "field.labels.tif"))).labels).toEqual(
      (await readLabelImage(join(whole, "field.labels.tif"))).labels,
    );
    const overlays = await Promise.all(
      [whole, banded].map((dir) => sharp(join(dir, "field.overlay.png")).raw().toBuffer()),
    );
    expect(overlays[0]!.equals(overlays[1]!)).toBe(true);
  });

  it("segments the tiles of a mosaic in several threads, and says how far it is", async () => {
    const wide = createRaster(
      Float32Array.from({ length: 1100 * 16 }, (_, i) => Math.round(255 * (0.5 + 0.4 * Math.sin(i / 9)))),
      1100,
      16,
    );
    await writeMicrographPng(at("wide.png"), { ...wide, data: wide.data.map((value) => value / 255) });
    const told: string[] = [];
    const run = { ...options(), mostPixels: 100 };
    await classifyBatch([at("wide.png")], { ...run, outDir: at("threads-1") });
    await classifyBatch([at("wide.png")], {
      ...{ ...run, outDir: at("threads-2"), threads: 2 },
      onProgress: ({ stage, done, total }) => told.push(`${stage} ${done}/${total}`),
    });
    expect(told).toEqual(["classify pixels 1/2", "classify pixels 2/2"]);
    for (const name of ["wide.labels.tif", "wide.uncertainty.tif"]) {
      const [one, two] = await Promise.all(["threads-1", "threads-2"].map((dir) => readFile(join(at(dir), name))));
      expect(one!.equals(two!), name).toBe(true);
    }
  });

  it("refuses colours for a model of grey images, and grey for one of coloured images, unless they are to be converted", async () => {
    const rgb = (shift: number): Promise<unknown> =>
      sharp(
        Uint8Array.from({ length: 3 * 30 * 20 }, (_, k) => ((k * 5) % 200) + (k % 3 === 0 ? shift : 0)).map(
          (v, k, all) => (shift === 0 ? all[k - (k % 3)]! : v),
        ),
        {
          raw: { width: 30, height: 20, channels: 3 },
        },
      )
        .png()
        .toFile(at(shift === 0 ? "agreeing.png" : "coloured.png"));
    await Promise.all([rgb(0), rgb(50)]);
    const ofColours = createTrainedSegmenter(blockSegmenter(), { channels: "colour" });
    await writeFile(at("colour.model.json"), JSON.stringify(ofColours));
    for (const mostPixels of [1e6, 100]) {
      const asked = { ...options(), outDir: at(`colours-${mostPixels}`), mostPixels };
      const refused = await classifyBatch([at("coloured.png"), at("agreeing.png")], asked);
      expect(refused.images.map(({ file }) => file)).toEqual([at("agreeing.png")]);
      expect(refused.images[0]!.warnings.join()).not.toContain("colour");
      expect(refused.skipped[0]!.reason).toMatch(
        /is coloured.*were grey; train on coloured images.*--other-colour convert/,
      );
      const taken = await classifyBatch([at("coloured.png")], { ...asked, otherColour: "convert" });
      expect(taken.images[0]!.warnings).toContainEqual(expect.stringContaining("its luma is taken"));
      const model = { ...options().model, path: at("colour.model.json") };
      const grey = await classifyBatch([at("agreeing.png"), at("coloured.png")], { ...asked, model });
      expect(grey.skipped[0]!.reason).toMatch(/the image is grey, those the model was trained on were coloured/);
      expect(grey.images).toHaveLength(1);
      const converted = await classifyBatch([at("agreeing.png")], { ...asked, model, otherColour: "convert" });
      expect(converted.images[0]!.warnings).toContainEqual(expect.stringContaining("as red, green and blue"));
    }
  });

  it("names what it skips: another scale, damaged files, twice the same; resamples if asked", async () => {
    await writeFile(at("bad.png"), "no image");
    const asked = { ...options(), outDir: at("skipped"), pixelSizeUm: 1 };
    const files = [at("field.png"), at("bad.png"), at("field.png")];
    const refused = await classifyBatch(files, asked);
    expect(refused.images).toEqual([]);
    expect(refused.skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/pixels are 1 µm, those of the training images 0.5 µm.*--other-scale/),
      expect.stringContaining("bad.png"),
      expect.stringContaining("twice"),
    ]);
    const taken = await classifyBatch([at("field.png")], { ...asked, otherPixelSize: "rescale" });
    expect(taken.images[0]).toMatchObject({ width: WIDTH, height: HEIGHT, pixelSizeUm: 1 });
    const large = { ...asked, mostPixels: 100, otherPixelSize: "rescale" } as const;
    expect((await classifyBatch([at("field.png")], large)).skipped[0]!.reason).toMatch(
      /too large to be worked on whole is not rescaled; save it 2.000 times as wide and high.*--other-scale ignore/,
    );
    const alike = await classifyBatch([at("field.png")], { ...large, outDir: at("alike"), pixelSizeUm: 0.5 });
    expect(alike.skipped).toEqual([]);
    // Without a scale of its own it may show another one: said, unless no scale is wanted.
    const warningsOf = async (more: object): Promise<readonly string[]> => {
      const unknown = { ...asked, pixelSizeUm: undefined, outDir: at("unknown"), ...more };
      return (await classifyBatch([at("field.png")], unknown)).images[0]!.warnings;
    };
    const said = expect.stringMatching(/its pixel size is not known, that of the training images is 0.5 µm/);
    for (const mostPixels of [undefined, 100]) expect(await warningsOf({ mostPixels })).toContainEqual(said);
    expect(await warningsOf({ otherPixelSize: "ignore" })).not.toContainEqual(said);
    const model = { ...options().model, path: at("none.json") };
    await expect(classifyBatch([at("field.png")], { ...asked, model })).rejects.toThrow(FormatError);
  });

  it("numbers the regions of a model that tells them apart, whole and in bands alike", async () => {
    const truth = touchingDiscs(WIDTH, HEIGHT);
    await writeMicrographPng(at("discs.png"), pictureOf(truth));
    const instances = { kind: "particles", depth: 0.2 } as const;
    await writeFile(at("regions.json"), JSON.stringify(createTrainedSegmenter(distanceSegmenter(), { instances })));
    const readerModule = new URL("../pixels/distanceSegmenter.ts", import.meta.url).href;
    const model = { path: at("regions.json"), readerModule };
    const found: Uint32Array[] = [];
    for (const mostPixels of [undefined, 100]) {
      const outDir = at(`regions ${mostPixels}`);
      const { images } = await classifyBatch([at("discs.png")], { model, threads: 1, outDir, mostPixels });
      expect(images[0]).toMatchObject({ nRegions: 30, classes: [{ name: "first" }, { name: "second" }] });
      found.push((await readLabelImage(join(outDir, images[0]!.outputs.labels))).labels.data);
    }
    expect(found[0]).toEqual(found[1]);
    expect(new Set(found[0]).size).toBe(31);
  });
});
