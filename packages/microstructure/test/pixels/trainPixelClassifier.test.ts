import { closeWorkers, createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import {
  classifyPixels,
  imageStatistics,
  labelPixels,
  readPixelClassifier,
  type TrainingImage,
  type TrainPixelClassifierOptions,
  trainPixelClassifier,
} from "@materiome/microstructure/pixels";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { centroidLearner, centroidReader } from "./centroidLearner.ts";

const SIZE = 32;

/** Bright discs on a darker noisy ground, as grey, with their labels (1 ground, 2 disc). */
function discs(seed: number, channels = 1): { image: Raster<Float32Array>; labels: LabelMap } {
  const random = createRandom(seed);
  const centres = Array.from({ length: 4 }, () => [random.int(SIZE), random.int(SIZE)] as const);
  const labels = new Uint32Array(SIZE * SIZE);
  const data = new Float32Array(SIZE * SIZE * channels);
  for (let i = 0; i < labels.length; i++) {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    labels[i] = centres.some(([a, b]) => Math.hypot(x - a, y - b) < 5) ? 2 : 1;
    for (let c = 0; c < channels; c++) data[i * channels + c] = (labels[i] === 2 ? 0.7 : 0.3) + 0.05 * random.normal();
  }
  return { image: createRaster(data, SIZE, SIZE, { channels }), labels: createRaster(labels, SIZE, SIZE) };
}

const OPTIONS: TrainPixelClassifierOptions = {
  classes: ["ground", "disc"],
  samplesPerImage: 200,
  nFolds: 2,
  features: { scalesPx: [1, 2], lineShapes: [], surroundingsPx: [4], halfDiscsPx: [3] },
};
const CONTEXT: TrainPixelClassifierOptions = { ...OPTIONS, autoContext: { surroundingsPx: [4] } };

const train = (images: readonly TrainingImage[], options: TrainPixelClassifierOptions = OPTIONS) =>
  trainPixelClassifier(images, centroidLearner(), options, { random: createRandom(3), threads: 1 });

function agreement(labels: LabelMap, truth: LabelMap): number {
  return labels.data.filter((v, i) => v === truth.data[i]).length / labels.data.length;
}

afterAll(closeWorkers);

describe("trainPixelClassifier", () => {
  const images = [discs(1), discs(2)];
  const unseen = discs(9);
  let one: Awaited<ReturnType<typeof train>>;
  let two: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    one = await train(images);
    two = await train(images, { ...CONTEXT, isCrossPredicted: true });
  });

  it("tells the classes of an image it has not seen", async () => {
    for (const { classifier } of [one, two]) {
      const probabilities = await classifyPixels(unseen.image, classifier, { threads: 1 });
      expect(probabilities.channels).toBe(2);
      expect(agreement(labelPixels(probabilities), unseen.labels)).toBeGreaterThan(0.97);
      for (let i = 0; i < SIZE * SIZE; i++) {
        expect(probabilities.data[2 * i]! + probabilities.data[2 * i + 1]!).toBeCloseTo(1, 5);
      }
    }
  });

  it("draws the same number of pixels of every class where there are enough", () => {
    expect(one.nSampled).toEqual([200, 200]);
    expect(one.nLabelled[0]! + one.nLabelled[1]!).toBe(2 * SIZE * SIZE);
  });

  it("gives the same bits for any tile size and number of threads", async () => {
    const { classifier } = two;
    const whole = await classifyPixels(unseen.image, classifier, { tilePx: 64, threads: 1 });
    const tiles = await classifyPixels(unseen.image, classifier, { tilePx: 17, threads: 1 });
    const threads = await classifyPixels(unseen.image, classifier, { tilePx: 32, threads: 2 });
    expect(tiles.data).toEqual(whole.data);
    expect(threads.data).toEqual(whole.data);
    const again = await trainPixelClassifier(images, centroidLearner(), CONTEXT, {
      random: createRandom(3),
      threads: 2,
    });
    expect((await classifyPixels(unseen.image, again.classifier, { threads: 1 })).data).toEqual(whole.data);
  });

  it("gives a tile with its halo the values of the whole image", async () => {
    const { classifier } = two;
    const wide = discs(12).image;
    const { halo } = classifier;
    const big = createRaster(new Float32Array((2 * halo + 20) * (2 * halo + 30)), 2 * halo + 30, 2 * halo + 20);
    for (let i = 0; i < big.data.length; i++) big.data[i] = wide.data[(i * 7) % wide.data.length]!;
    const whole = await classifyPixels(big, classifier, { threads: 1 });
    const [x0, y0, w, h] = [10, 5, 2 * halo + 3, 2 * halo + 2];
    const tile = createRaster(new Float32Array(w * h), w, h);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) tile.data[y * w + x] = big.data[(y + y0) * big.width + x + x0]!;
    }
    const part = await classifier.segmentTile(tile);
    for (let y = halo; y < h - halo; y++) {
      for (let x = halo; x < w - halo; x++) {
        expect(part.data[2 * (y * w + x)]).toBe(whole.data[2 * ((y + y0) * big.width + x + x0)]);
      }
    }
  });

  it("comes back from JSON and predicts the same bits", async () => {
    for (const { classifier } of [one, two]) {
      const again = await readPixelClassifier(JSON.parse(JSON.stringify(classifier.toJSON())), centroidReader);
      const before = await classifyPixels(unseen.image, classifier, { threads: 1 });
      expect((await classifyPixels(unseen.image, again, { threads: 1 })).data).toEqual(before.data);
      expect(again.featureNames).toEqual(classifier.featureNames);
    }
    await expect(readPixelClassifier({ type: "other" }, centroidReader)).rejects.toThrow(/pixel-classifier/);
    const damaged = JSON.parse(JSON.stringify(two.classifier.toJSON()));
    damaged.state.stages.pop();
    await expect(readPixelClassifier(damaged, centroidReader)).rejects.toThrow(/inconsistent/);
    const other = JSON.parse(JSON.stringify(one.classifier.toJSON()));
    other.params.features.scalesPx = [1, 3];
    await expect(readPixelClassifier(other, centroidReader)).rejects.toThrow(/train again/);
  });

  it("predicts the training images by models that have not seen them", () => {
    expect(one.outOfFold).toBeUndefined();
    expect(two.outOfFold?.length).toBe(2);
    for (const [k, map] of (two.outOfFold ?? []).entries()) {
      expect(agreement(labelPixels(map), images[k]!.labels)).toBeGreaterThan(0.95);
    }
  });

  it("learns from a few strokes on a single image", async () => {
    const { image, labels } = discs(4);
    const strokes = createRaster(
      labels.data.map((v, i) => (i % 7 === 0 ? v : 0)),
      SIZE,
      SIZE,
    );
    const { classifier, nLabelled } = await train([{ image, labels: strokes }], {
      ...OPTIONS,
      autoContext: { lineClass: "disc" },
    });
    expect(nLabelled[0]! + nLabelled[1]!).toBe(Math.ceil((SIZE * SIZE) / 7));
    const labelled = labelPixels(await classifyPixels(unseen.image, classifier, { threads: 1 }));
    expect(agreement(labelled, unseen.labels)).toBeGreaterThan(0.95);
  });

  it("takes brightness that differs between images, and then needs the statistics of the image for its tiles", async () => {
    const { classifier } = await train(images, { ...OPTIONS, normalise: "image" });
    const bright = { ...unseen.image, data: unseen.image.data.map((v) => 0.5 * v + 0.45) };
    const probabilities = await classifyPixels(bright, classifier, { threads: 1 });
    expect(agreement(labelPixels(probabilities), unseen.labels)).toBeGreaterThan(0.95);
    await expect(classifier.segmentTile(bright)).rejects.toThrow(/forStatistics/);
    const tile = await classifier.forStatistics(imageStatistics(bright)).segmentTile(bright);
    expect(tile.data).toEqual(probabilities.data);
  });

  it("weighs classes by how frequent they are if asked", async () => {
    const rare = images.map(({ image, labels }) => ({ image, labels }));
    const share = async (priorExponent: number): Promise<number> => {
      const { classifier } = await train(rare, { ...OPTIONS, priorExponent });
      const { data } = await classifyPixels(unseen.image, classifier, { threads: 1 });
      return data.reduce((sum, p, i) => sum + (i % 2 === 1 ? p : 0), 0);
    };
    const [equal, half, frequent] = [await share(0), await share(0.5), await share(1)];
    expect(half).toBeLessThan(equal);
    expect(frequent).toBeLessThan(half);
  });

  it("refuses what cannot be learned from, saying what to do", async () => {
    const good = discs(1);
    const refusal = (over: Partial<TrainingImage>, options = OPTIONS) =>
      expect(train([{ ...good, ...over, name: "field 7" }], options)).rejects;
    await refusal({ labels: createRaster(new Uint32Array(6), 3, 2) }).toThrow(/field 7.*3 × 2.*32 × 32/);
    await refusal({ labels: createRaster(new Uint32Array(SIZE * SIZE), SIZE, SIZE) }).toThrow(
      /ground \(0\), disc \(0\)/,
    );
    await refusal({ labels: { ...good.labels, data: good.labels.data.map(() => 1) } }).toThrow(
      /too few labelled pixels of disc/,
    );
    await refusal({ labels: { ...good.labels, data: good.labels.data.map(() => 3) } }).toThrow(
      /label 3 occurs, but 2 classes/,
    );
    await refusal({}, { ...OPTIONS, classes: ["all"] }).toThrow(/at least two/);
    await refusal({}, { ...OPTIONS, classes: ["a", "a"] }).toThrow(/different names/);
    await refusal({
      image: { ...good.image, data: good.image.data.map((v, i) => (i === 34 ? Number.NaN : v)) },
    }).toThrow(/pixel \(2, 1\) is NaN/);
    await refusal({ image: createRaster(new Float32Array(2 * SIZE * SIZE), SIZE, SIZE, { channels: 2 }) }).toThrow(
      /2 channels/,
    );
    await expect(train([])).rejects.toThrow(/no training images/);
    await expect(train([good, discs(2, 3)])).rejects.toThrow(/colour, those before it are grey/);
    await expect(train([{ ...good, image: { ...good.image, pixelSizeUm: 0.1 } }, good])).rejects.toThrow(
      /1 images have none/,
    );
    await refusal({}, { ...CONTEXT, autoContext: { lineClass: "crack" } }).toThrow(/"crack" is none of/);
  });

  it("refuses images that do not fit the model", async () => {
    await expect(classifyPixels(discs(1, 3).image, one.classifier)).rejects.toThrow(/trained on grey.*colour/);
    const scaled = await train(images.map(({ image, labels }) => ({ image: { ...image, pixelSizeUm: 0.1 }, labels })));
    const other = { ...unseen.image, pixelSizeUm: 0.2 };
    await expect(classifyPixels(other, scaled.classifier)).rejects.toThrow(/0\.2 µm.*0\.1 µm.*rescale/);
    const as = await classifyPixels(other, scaled.classifier, { otherPixelSize: "ignore", threads: 1 });
    expect(agreement(labelPixels(as), unseen.labels)).toBeGreaterThan(0.95);
    const rescaled = await classifyPixels(other, scaled.classifier, { otherPixelSize: "rescale", threads: 1 });
    expect([rescaled.width, rescaled.height, rescaled.pixelSizeUm]).toEqual([SIZE, SIZE, 0.2]);
    expect(agreement(labelPixels(rescaled), unseen.labels)).toBeGreaterThan(0.9);
  });
});
