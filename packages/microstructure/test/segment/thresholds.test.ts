import { readFileSync } from "node:fs";
import { createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type GreyHistogram,
  greyHistogram,
  hysteresisThreshold,
  isodataThreshold,
  type LocalThresholdMethod,
  liThreshold,
  localThreshold,
  multiOtsuThresholds,
  otsuThreshold,
  type ThresholdMethod,
  thresholdImage,
  triangleThreshold,
  yenThreshold,
} from "../../src/segment/index.ts";

const golden = JSON.parse(readFileSync(new URL("../fixtures/segment/thresholds.json", import.meta.url), "utf8"));
const GLOBAL = {
  otsu: otsuThreshold,
  li: liThreshold,
  triangle: triangleThreshold,
  yen: yenThreshold,
  isodata: isodataThreshold,
} as const;
type Global = keyof typeof GLOBAL;

/** One bin a grey level, edges half a level off: the brighter class begins behind the golden level. */
const ofLevels = (counts: readonly number[]): GreyHistogram => ({
  counts: Float64Array.from(counts),
  min: -0.5,
  max: counts.length - 0.5,
});

/** An image of 8-bit grey as it is read: level / 255. */
function image8(counts: readonly number[]): Raster<Float32Array> {
  const data = Float32Array.from(counts.flatMap((n, level) => new Array<number>(n).fill(level / 255)));
  return createRaster(data, data.length, 1);
}

const line = (...values: number[]): Raster<Float32Array> => createRaster(Float32Array.from(values), values.length, 1);

describe.each(Object.keys(GLOBAL) as Global[])("%s threshold", (method) => {
  it.each(Object.keys(golden.samples))("is scikit-image's on the same bins: %s", (name) => {
    const { histogram, [method]: level } = golden.samples[name];
    const found = GLOBAL[method](ofLevels(histogram));
    for (const [k, n] of histogram.entries()) if (n > 0) expect(k >= found, `level ${k}`).toBe(k > level);
  });

  it("refuses a uniform image and says so", () => {
    expect(() => GLOBAL[method](line(0.4, 0.4, 0.4))).toThrow(DomainError);
    expect(() => GLOBAL[method](line(0.4, 0.4, 0.4))).toThrow(/uniform/);
    expect(() => GLOBAL[method](ofLevels([0, 9, 0]))).toThrow(/occupied/);
  });

  it("parts two greys, in the middle between their bins", () => {
    const two = line(0.2, 0.2, 0.2, 0.8);
    expect(GLOBAL[method](two)).toBeCloseTo(0.5, 2);
    expect([...thresholdImage(two, { method }).mask.data]).toEqual([0, 0, 0, 1]);
    expect([...thresholdImage(two, { method, foreground: "dark" }).mask.data]).toEqual([1, 1, 1, 0]);
  });

  it("refuses NaN and colour", () => {
    expect(() => GLOBAL[method](line(0, Number.NaN, 1))).toThrow(DomainError);
    expect(() => GLOBAL[method](createRaster(new Float32Array(6), 2, 1, { channels: 3 }))).toThrow(ShapeError);
  });
});

describe("multiOtsuThresholds", () => {
  it.each(Object.keys(golden.samples))("equals scikit-image for 2, 3 and 4 classes: %s", (name) => {
    const { histogram, multi } = golden.samples[name];
    for (const levels of multi as number[][]) {
      const found = multiOtsuThresholds(ofLevels(histogram), { classes: levels.length + 1 });
      for (const [j, level] of levels.entries()) {
        for (const [k, n] of histogram.entries()) if (n > 0) expect(k >= found[j]).toBe(k > level);
      }
    }
  });

  it("is the best of all partitions", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 12 });
    const between = (histogram: number[], cuts: number[]): number => {
      let sum = 0;
      for (const [k, from] of [0, ...cuts].entries()) {
        const to = cuts[k] ?? histogram.length;
        let w = 0;
        let m = 0;
        for (let i = from; i < to; i++) {
          w += histogram[i];
          m += i * histogram[i];
        }
        if (w === 0) return Number.NEGATIVE_INFINITY;
        sum += (m * m) / w;
      }
      return sum;
    };
    fc.assert(
      fc.property(counts, (histogram) => {
        fc.pre(histogram.filter((n) => n > 0).length >= 4);
        let best = Number.NEGATIVE_INFINITY;
        const n = histogram.length;
        for (let a = 1; a < n; a++)
          for (let b = a + 1; b < n; b++)
            for (let c = b + 1; c < n; c++) best = Math.max(best, between(histogram, [a, b, c]));
        const found = multiOtsuThresholds(ofLevels(histogram), { classes: 4 }).map((t) => Math.ceil(t));
        expect(between(histogram, found)).toBeCloseTo(best, 9);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it("with two classes is Otsu's threshold", () => {
    const histogram = ofLevels(golden.samples.two.histogram);
    expect(multiOtsuThresholds(histogram, { classes: 2 })).toEqual([otsuThreshold(histogram)]);
  });

  it("finds three greys, classes numbered from dark to bright, and refuses four", () => {
    const three = line(0.9, 0.1, 0.5, 0.5, 0.1);
    const { classes, mask, thresholds } = thresholdImage(three, { method: "multi-otsu" });
    expect([...(classes?.data ?? [])]).toEqual([2, 0, 1, 1, 0]);
    expect([...mask.data]).toEqual([1, 0, 0, 0, 0]);
    expect(thresholds).toHaveLength(2);
    expect(() => multiOtsuThresholds(three, { classes: 4 })).toThrow(/at least 4 occupied bins of 256, got 3/);
    expect(() => multiOtsuThresholds(three, { classes: 1 })).toThrow(DomainError);
  });
});

describe("greyHistogram", () => {
  it("counts every pixel once, the largest value in the last bin", () => {
    const { counts, min, max } = greyHistogram(line(0, 0.5, 1, 1), { bins: 2 });
    expect([[...counts], min, max]).toEqual([[1, 3], 0, 1]);
  });

  it("leaves masked pixels out, NaN among them", () => {
    const mask = createRaster(Uint8Array.of(1, 0, 1), 3, 1);
    expect([...greyHistogram(line(0, Number.NaN, 1), { bins: 2, mask }).counts]).toEqual([1, 1]);
    expect(() => greyHistogram(line(0, 1), { mask })).toThrow(ShapeError);
    expect(() => greyHistogram(line(0, 1), { bins: 1 })).toThrow(DomainError);
  });

  it("parts 8-bit pictures of any contrast exactly between two levels", () => {
    const levels = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(levels, (present) => {
        const counts = new Array<number>(256).fill(0);
        for (const level of present) counts[level] = 1 + (level % 7);
        const found = 255 * otsuThreshold(image8(counts), { bins: 4096 });
        expect(Math.min(...present.map((level) => Math.abs(level - found)))).toBeGreaterThan(0.4);
      }),
      { seed: 5, numRuns: 50 },
    );
  });
});

describe("localThreshold", () => {
  const { width, height, windowPx, grey, tolerance } = golden.local;
  const image = createRaster(Float32Array.from(grey as number[]), width, height, { pixelSizeUm: 2 });

  it.each(["sauvola", "niblack", "local-mean", "local-gaussian"] as const)("%s equals scikit-image", (method) => {
    const found = localThreshold(image, { method, windowPx, k: method === "niblack" ? 0.3 : 0.2 });
    const expected: number[] = golden.local[method];
    const limit = method === "local-gaussian" ? 2e-5 : tolerance; // SciPy cuts the Gaussian elsewhere
    expect(Math.max(...found.data.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(limit);
    expect(found.pixelSizeUm).toBe(2);
  });

  it("finds dots that one threshold loses under a slope of illumination", () => {
    const slope = Float32Array.from({ length: 1600 }, (_, i) => 0.2 + 0.015 * (i % 40) - (i % 8 === 3 ? 0.1 : 0));
    const sloped = createRaster(slope, 40, 40);
    const truth = [...slope.keys()].filter((i) => i % 8 === 3 && i % 40 > 8 && i % 40 < 32);
    const wrong = (method: ThresholdMethod): number => {
      const { mask } = thresholdImage(sloped, { method, windowPx: 11, foreground: "dark", k: 0.2 });
      return [...mask.data.keys()].filter(
        (i) => i % 40 > 8 && i % 40 < 32 && (mask.data[i] === 1) !== truth.includes(i),
      ).length;
    };
    expect(wrong("local-mean")).toBeLessThan(100);
    expect(wrong("otsu")).toBeGreaterThan(300);
  });

  it("refuses windows without a middle", () => {
    for (const bad of [2, 4, 2.5, 1]) expect(() => localThreshold(image, { windowPx: bad })).toThrow(DomainError);
    expect(() => localThreshold(image, { deviationRange: 0 })).toThrow(DomainError);
    expect(() => localThreshold(image, { k: Number.NaN })).toThrow(/k must be finite/);
  });

  it("is the grey itself on a flat image, window larger than the image or not", () => {
    const flat = createRaster(new Float32Array(12).fill(0.3), 4, 3);
    for (const method of ["niblack", "local-mean", "local-gaussian"] satisfies LocalThresholdMethod[]) {
      for (const value of localThreshold(flat, { method, windowPx: 21 }).data) expect(value).toBeCloseTo(0.3, 6);
    }
  });
});

describe("thresholdImage", () => {
  it("takes given thresholds, and hysteresis of either sign", () => {
    const image = line(0.1, 0.5, 0.9, 0.2, 0.5);
    expect([...thresholdImage(image, { method: "manual", thresholds: [0.5] }).mask.data]).toEqual([0, 1, 1, 0, 1]);
    const method = "hysteresis";
    expect([...thresholdImage(image, { method, thresholds: [0.4, 0.8] }).mask.data]).toEqual([0, 1, 1, 0, 0]);
    const dark = thresholdImage(image, { method, thresholds: [0.15, 0.5], foreground: "dark" });
    expect([...dark.mask.data]).toEqual([1, 1, 0, 0, 0]);
    expect([...hysteresisThreshold(image, 0.4, 0.8).data]).toEqual([0, 1, 1, 0, 0]);
    expect(() => hysteresisThreshold(image, 0.8, 0.4)).toThrow(DomainError);
    expect(() => thresholdImage(image, { method })).toThrow(/needs 2 finite thresholds, got none/);
    expect(() => thresholdImage(image, { method: "manual", thresholds: [0.1, 0.2] })).toThrow(DomainError);
    expect(() => thresholdImage(image, { method: "best" as ThresholdMethod })).toThrow(/unknown method/);
  });

  it("leaves out what the mask leaves out, and keeps the calibration", () => {
    const image = createRaster(Float32Array.of(0, 0.4, 0.5, 1), 4, 1, { pixelSizeUm: 0.5 });
    const mask = createRaster(Uint8Array.of(1, 1, 1, 0), 4, 1);
    const found = thresholdImage(image, { mask });
    expect([...found.mask.data]).toEqual([0, 1, 1, 0]);
    expect(found.mask.pixelSizeUm).toBe(0.5);
  });
});
