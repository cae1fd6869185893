import {
  type BatchSource,
  createRandom,
  createRaster,
  DataError,
  IncompatibleError,
  ShapeError,
} from "@materiome/core";
import { reader } from "@materiome/forward";
import { beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../../src/nets/engine.ts";
import {
  createImageClassifier,
  DivergenceError,
  type ImageClassifier,
  readImageClassifier,
  type TrainingCheckpoint,
} from "../../../src/nets/index.ts";
import { imagesOf, squares, stripes } from "./stripes.ts";

const tiny = { filters: [4, 8], epochs: 2 };
const run = { random: createRandom(5), threads: 1 };

describe("createImageClassifier", () => {
  let classifier: ImageClassifier;

  beforeAll(async () => {
    const learner = createImageClassifier({ filters: [8, 16], epochs: 8, learningRate: 0.01, views: "flips" });
    classifier = await learner.fit(stripes(1, 6), stripes(2, 2), run);
  });

  it("tells the direction of stripes on noise, with probabilities that sum to 1", async () => {
    const pictures = (await Promise.all([0, 1, 2].map((i) => imagesOf(stripes(3, 3), i)))).flat();
    const { probabilities, labels, viewVariance } = await classifier.predict(pictures.map(({ image }) => image));
    expect(labels).toEqual(["rows", "columns", "diagonal"]);
    let right = 0;
    for (const [i, { y }] of pictures.entries()) {
      const row = [...probabilities.data.subarray(3 * i, 3 * i + 3)];
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      if (y[row.indexOf(Math.max(...row))] === 1) right++;
    }
    expect(right / pictures.length).toBeGreaterThan(0.9); // chance: 1/3
    expect(viewVariance!.data.every((v) => v >= 0 && v <= 0.25)).toBe(true);
    expect(classifier.learningCurve[classifier.bestEpoch - 1]!.validationLoss).toBe(
      Math.min(...classifier.learningCurve.map(({ validationLoss }) => validationLoss)),
    );
  });

  it("gives mirrored images the same where it looks at all mirrored views", async () => {
    const [first] = await imagesOf(stripes(3, 1));
    const { image } = first!;
    const { width } = image;
    const mirrored = {
      ...image,
      data: image.data.map((_, i) => image.data[i - (i % width) + (width - 1 - (i % width))]!),
    };
    const { probabilities } = await classifier.predict([image, mirrored]);
    for (let c = 0; c < 3; c++) expect(probabilities.data[c]).toBeCloseTo(probabilities.data[3 + c]!, 5);
  });

  it("comes back from JSON bit for bit, whatever images are asked for together", async () => {
    const again = readImageClassifier(JSON.parse(JSON.stringify(classifier)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(classifier));
    const images = (await imagesOf(stripes(3, 1, { batch: 20 }))).map(({ image }) => image);
    const found = await classifier.predict(images);
    expect(await again.predict(images)).toEqual(found);
    expect(await again.predict(images, { threads: 2 })).toEqual(found);
    const alone = await again.predict([images[18]!]);
    for (let c = 0; c < 3; c++)
      expect(alone.probabilities.data[c]).toBeCloseTo(found.probabilities.data[3 * 18 + c]!, 5);
    const byType = (await reader.read(JSON.parse(JSON.stringify(classifier)), reader)) as ImageClassifier;
    expect(JSON.stringify(byType)).toBe(JSON.stringify(classifier));
    expect((await again.predict([])).probabilities).toMatchObject({ rows: 0, columns: 3 });
  });

  it("calibrates on the validation images, and not where it is not wanted", async () => {
    const { calibration } = classifier;
    expect(calibration!.n).toBe(32);
    expect(calibration!.logLossAfter).toBeLessThanOrEqual(calibration!.logLossBefore + 1e-9);
    const plain = await createImageClassifier({ ...tiny, epochs: 1, calibration: "none" }).fit(
      stripes(1, 2),
      stripes(2, 1),
      run,
    );
    expect(plain.calibration).toBeUndefined();
    expect(readImageClassifier(JSON.parse(JSON.stringify(plain))).calibration).toBeUndefined();
  });

  it("gives the same for one thread and two, dropout and smoothing included; another seed another network", async () => {
    const learner = createImageClassifier({
      ...tiny,
      dropout: 0.3,
      labelSmoothing: 0.1,
      isResidual: true,
      depths: [2, 2],
    });
    const fit = async (threads: number, seed: number) =>
      JSON.stringify(await learner.fit(stripes(1, 2), stripes(2, 1), { random: createRandom(seed), threads }));
    const one = await fit(1, 5);
    expect(await fit(2, 5)).toBe(one);
    expect(await fit(1, 6)).not.toBe(one);
  });

  it("taken up from a checkpoint it ends where it would have, bit for bit", async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const fit = (more: object) =>
      createImageClassifier({ ...tiny, dropout: 0.2, ...more }).fit(stripes(1, 2), stripes(2, 1), run);
    const whole = await fit({ onCheckpoint: (c: TrainingCheckpoint) => checkpoints.push(c) });
    const later = await fit({ resume: JSON.parse(JSON.stringify(checkpoints[0])) });
    expect(JSON.stringify(later)).toBe(JSON.stringify(whole));
  });

  it("learns from one image of each class, and from batches that are no multiple of a part", async () => {
    const source = stripes(1, 1, { batch: 9 });
    const three: BatchSource = {
      ...source,
      async batch(i, random) {
        const { x, y } = await source.batch(i, random);
        // One picture of each direction, whatever was drawn: the first of nine that has it.
        const rows = [0, 1, 2]
          .map((c) => [...y.keys()].find((k) => y[k] === 1 && k % 3 === c)!)
          .map((k) => Math.floor(k / 3));
        const pick = (values: Float32Array, size: number) =>
          Float32Array.from(rows.flatMap((n) => [...values.subarray(n * size, (n + 1) * size)]));
        const part = { shape: [3, 16, 16, 1] as const, x: pick(x, 256), yShape: [3, 3], y: pick(y, 3) };
        return { ...part, weights: new Float32Array(3).fill(1) };
      },
    };
    const fitted = await createImageClassifier({ ...tiny, epochs: 3 }).fit(three, source, run);
    const { probabilities } = await fitted.predict((await imagesOf(source)).map(({ image }) => image));
    expect([probabilities.rows, probabilities.data.every((p) => p >= 0 && p <= 1)]).toEqual([9, true]);
  });

  it("leaves no memory behind", async () => {
    const { tf } = await openEngine();
    const fit = () => createImageClassifier({ ...tiny, epochs: 1 }).fit(stripes(1, 2), stripes(2, 1), run);
    await fit();
    const before = tf.memory();
    await fit();
    const after = tf.memory();
    expect([after.numTensors, after.numBytes]).toEqual([before.numTensors, before.numBytes]);
  });

  it("refuses images of another kind or size, and numbers that are none", async () => {
    const image = (width: number, channels: number, value = 0) =>
      createRaster(new Float32Array(16 * width * channels).fill(value), width, 16, { channels });
    await expect(classifier.predict([image(16, 3)])).rejects.toThrow(IncompatibleError);
    await expect(classifier.predict([image(16, 1), image(20, 1)])).rejects.toThrow(/image 1 is 20 × 16 px/);
    await expect(classifier.predict([image(16, 1, Number.NaN)])).rejects.toThrow(DataError);
    const stored = JSON.parse(JSON.stringify(classifier));
    stored.params.filters = [8, 8];
    expect(() => readImageClassifier(stored)).toThrow(/"level1.0.filter" hold 1152 numbers, this network needs 576/);
    expect(() => readImageClassifier({ ...stored, version: 2 })).toThrow(IncompatibleError);
    const cold = JSON.parse(JSON.stringify(classifier));
    cold.state.calibration.temperature = 0;
    expect(() => readImageClassifier(cold)).toThrow(/temperature must be above 0/);
  });

  it("stops by the signal, and at a loss that is no number", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    const learner = createImageClassifier(tiny);
    await expect(
      learner.fit(stripes(1, 2), stripes(2, 1), { ...run, signal: controller.signal, onProgress }),
    ).rejects.toThrow("enough");
    const source = stripes(1, 2);
    const broken: BatchSource = {
      ...source,
      async batch(i, random) {
        const batch = await source.batch(i, random);
        return { ...batch, y: batch.y.map((v) => (random.key === run.random.fork(1).key ? Number.NaN : v)) };
      },
    };
    const error = await learner.fit(broken, stripes(2, 1), run).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DivergenceError);
    expect((error as Error).message).toMatch(/step 3 \(epoch 2, batch 1\)/);
  });

  it("refuses what cannot be learned, with the reason", async () => {
    const learner = createImageClassifier(tiny);
    const fit = (train: BatchSource, validation = stripes(2, 1)) => learner.fit(train, validation, run);
    await expect(fit({ ...stripes(1, 1), targetsPer: "pixel" })).rejects.toThrow(/targets per pixel/);
    await expect(fit(squares(1, 1))).rejects.toThrow(/"edge" \(values\).*expected one of kind classes/);
    await expect(fit(stripes(1, 1), stripes(2, 1, { side: 20 }))).rejects.toThrow(IncompatibleError);
    await expect(fit(stripes(1, 1, { side: 2 }), stripes(1, 1, { side: 2 }))).rejects.toThrow(ShapeError);
    const wide = { ...stripes(1, 1), imageShape: [32768, 32768, 1] as const };
    await expect(fit(wide, wide)).rejects.toThrow(/images of \d+ px fit/);
    const source = stripes(1, 1);
    const without: BatchSource = {
      ...source,
      batch: async (i, random) => ({
        ...(await source.batch(i, random)),
        y: new Float32Array(48).map((_, k) => (k % 3 === 0 ? 1 : 0)),
      }),
    };
    await expect(fit(without)).rejects.toThrow(/no training image is of class "columns", "diagonal"/);
    const unlabelled: BatchSource = {
      ...source,
      batch: async (i, random) => ({ ...(await source.batch(i, random)), weights: new Float32Array(16) }),
    };
    await expect(fit(source, unlabelled)).rejects.toThrow(/no validation image has a class/);
    for (const [option, value] of Object.entries({
      filters: [],
      depths: [1],
      stride: 3,
      pooling: "sum",
      dropout: 1,
      labelSmoothing: -1,
      views: "all",
      calibration: "isotonic",
      epochs: 0,
    })) {
      expect(() => createImageClassifier({ filters: [4, 8], [option]: value })).toThrow(new RegExp(option));
    }
  });
});
