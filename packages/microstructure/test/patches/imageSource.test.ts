import { createRandom, createRaster, DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import { fitImage, type ImageExample, imageSource } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";

const CLASSES = ["scratch", "inclusion"];
const random = createRandom(11);

/** Grey 0.1 · (k + 1) tells the image. */
function example(k: number, label: string, width = 8, height = 8, channels = 1): ImageExample {
  const image = createRaster(new Float32Array(width * height * channels).fill(0.1 * (k + 1)), width, height, {
    channels,
  });
  return { image, label };
}

const ramp = (width: number, height: number): Raster<Float32Array> =>
  createRaster(
    Float32Array.from({ length: width * height }, (_, i) => (i % width) / width),
    width,
    height,
    { pixelSizeUm: 2 },
  );

describe("fitImage", () => {
  it("means what each new pixel covers, so that the mean of the image stays", () => {
    const image = createRaster(Float32Array.of(0, 1, 0.5, 0.5, 0.2, 0.7), 3, 2, { pixelSizeUm: 1 });
    const one = fitImage(image, { widthPx: 1, heightPx: 1, fit: "resize" });
    expect(one.data[0]).toBeCloseTo(2.9 / 6, 6);
    expect(one.pixelSizeUm).toBeUndefined(); // 3 : 2 no more
    const two = fitImage(image, { widthPx: 2, heightPx: 2, fit: "resize" });
    for (const [i, value] of [1 / 3, (0.5 + 0.5) / 1.5, 0.7 / 1.5 - 0.1 + 0.1, (0.1 + 0.7) / 1.5].entries()) {
      if (i !== 2) expect(two.data[i]).toBeCloseTo(value, 5);
    }
    expect(two.data[2]).toBeCloseTo((0.5 + 0.1) / 1.5, 5);
  });

  it("keeps what fits, cuts the middle, and interpolates where it enlarges", () => {
    const image = ramp(16, 8);
    expect(fitImage(image, { widthPx: 16, heightPx: 8 })).toBe(image);
    const half = fitImage(image, { widthPx: 8, heightPx: 4, fit: "resize" });
    expect(half.pixelSizeUm).toBe(4);
    for (let x = 0; x < 8; x++) expect(half.data[x]).toBeCloseTo((2 * x + 0.5) / 16, 6);
    const double = fitImage(image, { widthPx: 32, heightPx: 16, fit: "resize" });
    for (let x = 1; x < 31; x++) expect(double.data[x]).toBeCloseTo((x / 2 - 0.25) / 16, 6);
    expect([double.data[0], double.data[31]]).toEqual([image.data[0], image.data[15]]);
    const cut = fitImage(image, { widthPx: 4, heightPx: 8, fit: "crop" });
    expect([...cut.data.subarray(0, 4)]).toEqual([...image.data.subarray(6, 10)]);
    expect(cut.pixelSizeUm).toBe(2);
    const colour = createRaster(
      Float32Array.from({ length: 24 }, (_, i) => (i % 3) / 4),
      4,
      2,
      { channels: 3 },
    );
    expect([...fitImage(colour, { widthPx: 2, heightPx: 1, fit: "resize" }).data]).toEqual([
      0, 0.25, 0.5, 0, 0.25, 0.5,
    ]);
  });

  it("refuses another size unless told what to do", () => {
    expect(() => fitImage(ramp(16, 8), { widthPx: 8, heightPx: 8 })).toThrow(ShapeError);
    expect(() => fitImage(ramp(16, 8), { widthPx: 8, heightPx: 9, fit: "crop" })).toThrow(/cannot be cropped/);
    expect(() => fitImage(ramp(16, 8), { widthPx: 0, heightPx: 9 })).toThrow(DomainError);
    expect(() => fitImage(ramp(16, 8), { widthPx: 8, heightPx: 8, fit: "pad" as never })).toThrow(/fit is "pad"/);
  });
});

describe("imageSource", () => {
  const examples = [0, 1, 2, 3, 4, 5, 6].map((k) => example(k, k < 5 ? "scratch" : "inclusion"));

  it("shows every image once in the given order, with its class", async () => {
    const source = imageSource(examples, CLASSES, { batchSize: 3, order: "given" });
    expect([source.length, source.imageShape, source.targetsPer]).toEqual([3, [8, 8, 1], "image"]);
    expect(source.targets).toEqual([{ name: "class", kind: "classes", labels: CLASSES }]);
    const last = await source.batch(2, random);
    expect([last.shape, last.yShape, [...last.y]]).toEqual([
      [1, 8, 8, 1],
      [1, 2],
      [0, 1],
    ]);
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) {
      const { x } = await source.batch(i, random);
      for (let n = 0; n < x.length; n += 64) seen.push(Math.round(10 * x[n]!));
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  const places = async (balance: number, key: string): Promise<number[]> => {
    const source = imageSource(examples, CLASSES, { batchSize: 4, balance });
    const seen: number[] = [];
    for (const i of [1, 0]) {
      const { x, y } = await source.batch(i, createRandom(key));
      for (let n = 0; n < 4; n++) {
        const k = Math.round(10 * x[64 * n]!) - 1;
        expect([...y.subarray(2 * n, 2 * n + 2)]).toEqual(k < 5 ? [1, 0] : [0, 1]);
        seen.push(k);
      }
    }
    return seen;
  };

  it("shuffles every epoch and fills up its last batch; balance shows rare classes more often", async () => {
    const seen = await places(0, "a");
    expect(new Set(seen).size).toBe(7);
    expect(await places(0, "a")).toEqual(seen);
    expect(await places(0, "b")).not.toEqual(seen);
    const alike = await places(1, "a");
    expect(alike.filter((k) => k >= 5).length).toBe(4);
    expect((await places(0.5, "a")).filter((k) => k >= 5).length).toBe(3);
  });

  it("augments, and mixes the shares of classes by area", async () => {
    const plain = imageSource(examples, CLASSES, { batchSize: 4, augmentation: { brightness: { shift: [0.1, 0.1] } } });
    const { x, y } = await plain.batch(0, random);
    for (let n = 0; n < 4; n++) {
      expect([...x.subarray(64 * n, 64 * n + 64)].every((v) => Math.abs(v - x[64 * n]!) < 1e-6)).toBe(true);
      expect(y[2 * n]! + y[2 * n + 1]!).toBe(1);
    }
    const mixed = imageSource(examples, CLASSES, { batchSize: 7, augmentation: { cutMix: { share: [0.25, 0.25] } } });
    const batch = await mixed.batch(0, random);
    let between = 0;
    for (let n = 0; n < 7; n++) {
      const picture = [...batch.x.subarray(64 * n, 64 * n + 64)];
      const scratched = picture.filter((v) => v < 0.55).length / 64;
      expect(batch.y[2 * n]).toBeCloseTo(scratched, 6);
      if (scratched > 0 && scratched < 1) between++;
    }
    expect(between).toBeGreaterThan(0);
  });

  it("cuts anywhere in a shuffled epoch, from the middle in the given order", async () => {
    const wide = { image: ramp(16, 8), label: "scratch" };
    const options = { widthPx: 4, heightPx: 4, fit: "crop" } as const;
    const middle = await imageSource([wide], ["scratch"], { ...options, order: "given" }).batch(0, random);
    expect([...middle.x.subarray(0, 4)]).toEqual([...wide.image.data.subarray(6, 10)]);
    const firsts = new Set<number>();
    const shuffled = imageSource([wide], ["scratch"], { ...options, batchSize: 32 });
    const { x } = await shuffled.batch(0, random);
    for (let n = 0; n < 32; n++) {
      const first = 16 * x[16 * n]!;
      expect(first).toBeCloseTo(Math.round(first), 5);
      firsts.add(Math.round(first));
    }
    expect(Math.min(...firsts)).toBe(0);
    expect(Math.max(...firsts)).toBe(12);
    const resized = await imageSource([wide], ["scratch"], { ...options, fit: "resize", order: "given" }).batch(
      0,
      random,
    );
    expect(resized.x[0]).toBeCloseTo(1.5 / 16, 6);
  });

  it("takes values with gaps, beside classes or alone", async () => {
    const valueTargets = [{ name: "hardness", kind: "values" as const, labels: ["hardness", "size"] }];
    const some = [
      { ...example(0, "scratch"), values: [200, Number.NaN] },
      { ...example(1, "inclusion"), values: [310, 12] },
    ];
    const both = await imageSource(some, CLASSES, { order: "given", valueTargets }).batch(0, random);
    expect([...both.y]).toEqual([1, 0, 200, 0, 0, 1, 310, 12]);
    expect([...both.known!]).toEqual([1, 1, 1, 0, 1, 1, 1, 1]);
    const alone = imageSource(some, [], { order: "given", valueTargets });
    expect(alone.targets).toEqual(valueTargets);
    expect([...(await alone.batch(0, random)).y]).toEqual([200, 0, 310, 12]);
  });

  it("refuses what cannot be, with the reason", () => {
    const source =
      (list: readonly ImageExample[], options: object = {}) =>
      () =>
        imageSource(list, CLASSES, options);
    expect(source([])).toThrow(DataError);
    expect(source([example(0, "scrath")])).toThrow(/did you mean scratch/);
    expect(source([{ image: ramp(8, 8) }])).toThrow(/has no label/);
    expect(source([example(0, "scratch"), example(1, "scratch", 9, 8)])).toThrow(ShapeError);
    expect(source([example(0, "scratch"), example(1, "scratch", 8, 8, 3)])).toThrow(/has 3 channels/);
    expect(source([{ image: createRaster(new Float32Array(4).fill(Number.NaN), 2, 2), label: "scratch" }])).toThrow(
      DomainError,
    );
    expect(source([example(0, "scratch")], { order: "given", augmentation: { flip: {} } })).toThrow(/not augmented/);
    expect(source([example(0, "scratch")], { augmentation: { whiteBalance: {} } })).toThrow(/whiteBalance/);
    expect(source([example(0, "scratch")], { balance: 2 })).toThrow(/balance/);
    expect(source([example(0, "scratch")], { batchSize: 0 })).toThrow(/batchSize/);
    const valueTargets = [{ name: "size", kind: "values", labels: ["size"] }];
    expect(source([example(0, "scratch")], { valueTargets })).toThrow(/has 0 values/);
    expect(source([{ ...example(0, "scratch"), values: [Number.POSITIVE_INFINITY] }], { valueTargets })).toThrow(
      /finite/,
    );
    expect(source([{ ...example(0, "scratch"), values: [1] }], { valueTargets, augmentation: { cutMix: {} } })).toThrow(
      /cutMix/,
    );
  });
});
