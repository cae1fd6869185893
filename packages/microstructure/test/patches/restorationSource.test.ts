import { createRandom, createRaster, DataError, DomainError } from "@materiome/core";
import { restorationSource } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";

const random = createRandom(3);
const picture = (width: number, height: number, channels = 1) =>
  createRaster(
    Float32Array.from({ length: width * height * channels }, () => 0.2 + 0.6 * random.next()),
    width,
    height,
    { channels },
  );

const images = [picture(40, 50), picture(32, 24)];
const whole = images.flatMap(({ data }) => Array.from(data));
const mean = whole.reduce((a, b) => a + b, 0) / whole.length;
const deviation = Math.sqrt(whole.reduce((a, b) => a + (b - mean) ** 2, 0) / whole.length);

describe("restorationSource", () => {
  it("gives undamaged patches as standardised targets, and hides the share asked for behind their mean", async () => {
    const source = restorationSource(images, { sizePx: 24, batchSize: 3, augmentation: { flip: {} }, hiddenPx: 4 });
    expect(source.targets).toEqual([{ name: "image", kind: "values", labels: ["grey"] }]);
    expect(source.imageShape).toEqual([24, 24, 1]);
    const { x, y, weights, shape, yShape } = await source.batch(0, createRandom(1));
    expect([shape, yShape]).toEqual([
      [3, 24, 24, 1],
      [3, 24, 24, 1],
    ]);
    expect(weights.every((weight) => weight === 1)).toBe(true);
    for (let k = 0; k < 3; k++) {
      const seen = x.subarray(k * 576, (k + 1) * 576);
      const target = Float64Array.from(y.subarray(k * 576, (k + 1) * 576), (value) => mean + deviation * value);
      const average = target.reduce((a, b) => a + b, 0) / 576;
      let hidden = 0;
      for (let p = 0; p < 576; p++) {
        if (Math.abs(seen[p]! - target[p]!) < 1e-5) continue; // 576 pixels
        hidden++;
        expect(seen[p]).toBeCloseTo(average, 5);
      }
      expect(hidden).toBeGreaterThanOrEqual(144); // a quarter
      expect(hidden).toBeLessThan(144 + 16);
    }
  });

  it("leaves the target as it is where noise, blur and light change the image", async () => {
    const options = { sizePx: 24, hiddenShare: 0 };
    const plain = await restorationSource(images, { ...options, augmentation: {} }).batch(0, createRandom(4));
    const noisy = restorationSource(images, { ...options, augmentation: { gaussianNoise: { std: [0.1, 0.1] } } });
    const damaged = await noisy.batch(0, createRandom(4));
    expect(damaged.y).toEqual(plain.y);
    expect(damaged.x).not.toEqual(plain.x);
  });

  it("is the same for the same seed, and works in colour", async () => {
    const source = restorationSource([picture(30, 30, 3)], { sizePx: 16, batchSize: 2 });
    const batch = await source.batch(0, createRandom(2));
    expect(batch.y.length).toBe(2 * 16 * 16 * 3);
    expect(await source.batch(0, createRandom(2))).toEqual(batch);
    expect(source.targets[0]?.labels).toEqual(["channel 1", "channel 2", "channel 3"]);
  });

  it("refuses what teaches nothing", () => {
    expect(() => restorationSource([])).toThrow(DataError);
    const flat = createRaster(new Float32Array(100).fill(0.5), 10, 10);
    expect(() => restorationSource([flat])).toThrow(/channel 1 is 0\.5 everywhere/);
    const hole = { ...flat, data: flat.data.map((value, i) => (i === flat.width + 3 ? Number.NaN : value)) };
    expect(() => restorationSource([flat, hole])).toThrow(/image 2: pixel \(3, 1\) is NaN; .*fill or crop/);
    expect(() => restorationSource(images, { hiddenShare: 1 })).toThrow(DomainError);
    expect(() => restorationSource(images, { hiddenPx: 65 })).toThrow(/1 … 64/);
  });
});
