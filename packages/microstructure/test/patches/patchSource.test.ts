import { createRandom, createRaster, DataError, DomainError, type ImageBatch, ShapeError } from "@materiome/core";
import { type LabelledImage, patchSource, tileSource } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";

const CLASSES = ["matrix", "particle", "crack"];

/** 2 % of class 2 in a corner, a stripe of class 1, the rest 0; grey tells the class and a ramp the place. */
function labelled(width: number, height: number, channels = 1): LabelledImage {
  const codes = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x > 0.86 * width && y > 0.86 * height ? 2 : x < 0.2 * width ? 1 : 0;
  });
  const data = new Float32Array(codes.length * channels);
  for (const [i, code] of codes.entries()) data.fill(code / 4 + 0.1, i * channels, (i + 1) * channels);
  return { image: createRaster(data, width, height, { channels }), codes: createRaster(codes, width, height) };
}

function shares(batches: readonly ImageBatch[]): number[] {
  const sums = CLASSES.map(() => 0);
  let total = 0;
  for (const { y } of batches) {
    for (const [k, value] of y.entries()) sums[k % 3]! += value;
    total += y.length / 3;
  }
  return sums.map((sum) => sum / total);
}

const random = createRandom(11);

describe("patchSource", () => {
  const images = [labelled(100, 80), labelled(70, 120)];
  const source = patchSource(images, CLASSES, { sizePx: 16, batchSize: 4 });

  it("has the shapes of the protocol, one-hot targets and weights", async () => {
    expect(source.imageShape).toEqual([16, 16, 1]);
    expect(source.targets).toEqual([{ name: "class", kind: "classes", labels: CLASSES }]);
    expect(source.length).toBe(Math.round((100 * 80 + 70 * 120) / (4 * 256)));
    const { shape, x, yShape, y, weights } = await source.batch(0, random);
    expect(shape).toEqual([4, 16, 16, 1]);
    expect(yShape).toEqual([4, 16, 16, 3]);
    expect([x.length, y.length, weights.length]).toEqual([1024, 3072, 1024]);
    for (const [i, weight] of weights.entries()) {
      const hot = [...y.subarray(3 * i, 3 * i + 3)];
      expect(weight).toBe(1);
      expect(hot.reduce((a, b) => a + b, 0)).toBe(1);
      expect(x[i]).toBeCloseTo(hot.indexOf(1) / 4 + 0.1, 6);
    }
  });

  it("depends on batch number and stream alone", async () => {
    const plan = { flip: {}, rotate: {}, elastic: {}, blur: {}, shotNoise: {}, cutMix: { probability: 0.5 } };
    const augmented = patchSource(images, CLASSES, { sizePx: 16, batchSize: 3, augmentation: plan });
    const first = await augmented.batch(5, createRandom("a"));
    const used = createRandom("a");
    for (let k = 0; k < 7; k++) used.normal();
    await augmented.batch(1, used);
    expect(await augmented.batch(5, used)).toEqual(first);
    expect(await augmented.batch(4, used)).not.toEqual(first);
    expect(await augmented.batch(5, createRandom("b"))).not.toEqual(first);
    expect((await augmented.batch(5, used)).x).not.toBe(first.x);
    const { image } = augmented.patch(5, 2, createRandom("a"));
    expect(first.x.subarray(2 * 256)).toEqual(image.data);
  });

  it("shows rare classes more often, as the power says", async () => {
    const run = async (options: object): Promise<number[]> => {
      const some = patchSource([labelled(200, 200)], CLASSES, { sizePx: 8, batchSize: 16, ...options });
      return shares(await Promise.all(Array.from({ length: 30 }, (_, i) => some.batch(i, random))));
    };
    const plain = await run({ balancedShare: 0 });
    const alike = await run({ balancedShare: 1, balancePower: 0 });
    const rare = await run({ balancedShare: 1, balancePower: 1 });
    expect(plain[2]).toBeLessThan(0.05);
    expect(plain[0]).toBeGreaterThan(0.7);
    for (const share of alike) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.08);
    expect(rare[2]).toBeGreaterThan(0.7);
    // Share^1 by pixels is what is drawn without balance.
    const asIs = await run({ balancedShare: 1, balancePower: -1 });
    for (const [c, share] of asIs.entries()) expect(Math.abs(share - plain[c]!)).toBeLessThan(0.06);
  });

  it("finds the single pixel of a class", async () => {
    const lone = labelled(60, 60);
    lone.codes.data.fill(0);
    lone.codes.data[33 * 60 + 7] = 2;
    const one = patchSource([lone], CLASSES, { sizePx: 12, batchSize: 20, balancedShare: 1, balancePower: 2 });
    const { y } = await one.batch(0, random);
    const places = new Set<number>();
    for (let k = 0; k < 20; k++) {
      const patch = y.subarray(k * 144 * 3, (k + 1) * 144 * 3);
      const at = Array.from({ length: 144 }, (_, i) => i).filter((i) => patch[3 * i + 2] === 1);
      expect(at).toHaveLength(1);
      places.add(at[0]!);
    }
    expect(places.size).toBeGreaterThan(5);
    expect([...one.labelledPixels]).toEqual([3599, 0, 1]);
  });

  it("shows the image beyond the patch where it turns, not a reflection", async () => {
    const augmentation = { rotate: { angleDeg: [45, 45] } } as const;
    const wide = patchSource([labelled(400, 400)], CLASSES, {
      sizePx: 16,
      batchSize: 30,
      augmentation,
      balancedShare: 0,
    });
    const { weights } = await wide.batch(0, random);
    expect(weights.reduce((a, b) => a + b, 0) / weights.length).toBeGreaterThan(0.97);
  });

  it("ignores the stated code, gives classes their weight, and never draws an ignored pixel", async () => {
    const part = labelled(64, 64);
    for (let i = 0; i < 64 * 40; i++) part.codes.data[i] = 9;
    const some = patchSource([part], CLASSES, { sizePx: 8, ignoredCode: 9, classWeights: [1, 0, 5], batchSize: 30 });
    const { weights, y } = await some.batch(0, random);
    expect(new Set(weights)).toEqual(new Set([0, 1, 5]));
    for (const [i, weight] of weights.entries()) {
      if (weight === 5) expect(y[3 * i + 2]).toBe(1);
    }
    let unlabelled = 0;
    for (let i = 0; i < weights.length; i++) if (y[3 * i]! + y[3 * i + 1]! + y[3 * i + 2]! === 0) unlabelled++;
    expect(unlabelled).toBeGreaterThan(0);
    expect(unlabelled / weights.length).toBeLessThan(0.5);
    expect(() => patchSource([part], CLASSES)).toThrow(/class code 9 at pixel \(0, 0\)/);
  });

  it("takes images smaller than a patch: reflected image, unknown codes, none lost", async () => {
    const small = patchSource([labelled(5, 7)], CLASSES, { sizePx: 16, batchSize: 6 });
    const { x, weights } = await small.batch(0, random);
    for (let k = 0; k < 6; k++) {
      expect(weights.subarray(k * 256, (k + 1) * 256).reduce((a, b) => a + b, 0)).toBe(35);
    }
    expect(Math.min(...x)).toBeGreaterThan(0);
    const pixel = patchSource([labelled(1, 1)], CLASSES, { sizePx: 4, batchSize: 1 });
    expect((await pixel.batch(0, random)).weights.reduce((a, b) => a + b, 0)).toBe(1);
  });

  it("carries further values beside the classes", async () => {
    const image = labelled(40, 40);
    const values = createRaster(
      Float32Array.from({ length: 1600 }, (_, i) => i % 40),
      40,
      40,
    );
    const target = { name: "distance", kind: "values", labels: ["distance"] } as const;
    const some = patchSource([{ ...image, values }], CLASSES, { sizePx: 8, batchSize: 2, valueTargets: [target] });
    const { yShape, y } = await some.batch(0, random);
    expect(yShape).toEqual([2, 8, 8, 4]);
    expect(some.targets.map(({ name }) => name)).toEqual(["class", "distance"]);
    for (let i = 0; i < 64; i++) if (i % 8 > 0) expect(y[4 * i + 3]! - y[4 * i - 1]!).toBe(1);
    expect(() => patchSource([{ ...image, values }], CLASSES)).toThrow(/valueTargets name 0/);
  });

  it("takes colour, and refuses what does not fit", () => {
    const colour = labelled(30, 30, 3);
    expect(patchSource([colour], CLASSES, { sizePx: 8 }).patch(0, 0, random).image.channels).toBe(3);
    expect(() => patchSource([colour, labelled(30, 30)], CLASSES)).toThrow(/image 2 has 1 channels/);
    expect(() => patchSource([], CLASSES)).toThrow(DataError);
    expect(() => patchSource(images, [])).toThrow(/0 classes/);
    expect(() => patchSource(images, CLASSES, { sizePx: 0 })).toThrow(DomainError);
    expect(() => patchSource(images, CLASSES, { balancedShare: 2 })).toThrow(/balancedShare/);
    expect(() => patchSource(images, CLASSES, { classWeights: [1, 2] })).toThrow(/3 numbers/);
    expect(() => patchSource(images, CLASSES, { augmentation: { whiteBalance: {} } })).toThrow(/for colour/);
    expect(() => source.batch(source.length, random)).toThrow(/counted from 0/);
    const blank = { ...labelled(8, 8), codes: createRaster(new Uint8Array(64).fill(255), 8, 8), name: "x.tif" };
    expect(() => patchSource([blank], CLASSES)).toThrow(/no pixel of the 1 images is labelled/);
    const wrong = { ...blank, codes: createRaster(new Uint8Array(9), 3, 3) };
    expect(() => patchSource([wrong], CLASSES)).toThrow(ShapeError);
    expect(() => patchSource([wrong], CLASSES)).toThrow(/x\.tif/);
  });
});

describe("tileSource", () => {
  it("shows every pixel once, whatever the sizes", async () => {
    for (const [width, height] of [
      [50, 33],
      [16, 16],
      [17, 3],
      [1, 1],
    ] as const) {
      const image = labelled(width, height);
      const source = tileSource([image, labelled(20, 20)], CLASSES, { sizePx: 16, batchSize: 3 });
      const counts = [0, 0, 0];
      for (let i = 0; i < source.length; i++) {
        const { y, weights, shape } = await source.batch(i, random);
        expect(weights.length).toBe(shape[0] * 256);
        for (const [k, weight] of weights.entries()) for (let c = 0; c < 3; c++) counts[c]! += weight * y[3 * k + c]!;
      }
      const expected = [0, 0, 0];
      for (const code of [...image.codes.data, ...labelled(20, 20).codes.data]) expected[code]! += 1;
      expect(counts).toEqual(expected);
    }
  });
});
