import { createRandom, createRaster, DomainError, type Raster } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { DAUBECHIES } from "../../src/enhance/daubechies.ts";
import { removeStripes } from "../../src/enhance/index.ts";
import { analyseRows, synthesiseRows } from "../../src/kernels/index.ts";
import { renderMicrograph, voronoiGrains } from "../../src/synthesis/index.ts";

const rms = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
};

describe.each(Object.entries(DAUBECHIES))("wavelet %s", (_, taps) => {
  it("is orthonormal under even shifts, with as many vanishing moments as half its taps", () => {
    for (let shift = 0; shift < taps.length; shift += 2) {
      let sum = 0;
      for (let j = 0; j + shift < taps.length; j++) sum += taps[j]! * taps[j + shift]!;
      expect(sum).toBeCloseTo(shift === 0 ? 1 : 0, 11);
    }
    // The zero of order n/2 at −1 of Σ h_j z^j, which higher moments see only up to rounding.
    for (let order = 0; order < Math.min(4, taps.length / 2); order++) {
      let sum = 0;
      for (let j = 0; j < taps.length; j++) sum += (j % 2 === 0 ? 1 : -1) * j ** order * taps[j]!;
      expect(sum).toBeCloseTo(0, 8);
    }
  });

  it("puts back together what it took apart, also rows shorter than the filter", () => {
    const random = createRandom(1);
    for (const width of [2, 6, 40]) {
      const input = Float64Array.from({ length: width * 3 }, () => random.normal());
      const half = new Float64Array((width * 3) / 2);
      const [low, high, out] = [half.slice(), half.slice(), input.slice()];
      const filter = Float64Array.from(taps);
      analyseRows(width, 3, filter, input, low, high);
      synthesiseRows(width, 3, filter, low, high, out);
      expect(rms(out, input)).toBeLessThan(1e-11);
    }
  });
});

describe("removeStripes", () => {
  const [width, height] = [200, 150];
  const scene = (random = createRandom(5)): Raster<Float32Array> =>
    renderMicrograph(
      voronoiGrains({ width, height, nGrains: 60 }, random),
      { noise: "low", grainContrast: 0.1 },
      random,
    );

  it("takes curtains of constant strength down to a tenth and keeps the structure", () => {
    const truth = scene();
    const random = createRandom(9);
    const waves = [3.1, 4.7, 6.3, 8.9, 11].map((period) => ({ period, phase: 7 * random.next() }));
    const curtain = Float32Array.from({ length: width }, (_, x) =>
      waves.reduce((sum, { period, phase }) => sum + 0.05 * Math.sin((2 * Math.PI * x) / period + phase), 0),
    );
    const striped = createRaster(
      truth.data.map((v, i) => v + curtain[i % width]!),
      width,
      height,
      { pixelSizeUm: 1 },
    );
    const clean = removeStripes(striped, { maxWidthPx: 16 });
    const reference = removeStripes(truth, { maxWidthPx: 16 });
    // Linear: what is left of the stripes is the difference to the filtered truth.
    expect(rms(clean.data, reference.data)).toBeLessThan(0.1 * rms(striped.data, truth.data));
    expect(rms(reference.data, truth.data)).toBeLessThan(0.04);
    expect(rms(clean.data, truth.data)).toBeLessThan(0.5 * rms(striped.data, truth.data));
    const mean = (data: Float32Array): number => data.reduce((a, b) => a + b / data.length, 0);
    expect(mean(clean.data)).toBeCloseTo(mean(striped.data), 2);
    expect(clean.pixelSizeUm).toBe(1);
  });

  it("horizontal stripes are vertical ones turned", () => {
    const image = scene();
    const turned = createRaster(new Float32Array(width * height), height, width);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) turned.data[x * height + y] = image.data[y * width + x]!;
    const a = removeStripes(image, { direction: "vertical" });
    const b = removeStripes(turned, { direction: "horizontal" });
    for (let y = 0; y < height; y += 7)
      for (let x = 0; x < width; x++) expect(b.data[x * height + y]).toBe(a.data[y * width + x]);
  });

  it("leaves alone what does not run along the stripes, and constants", () => {
    const across = createRaster(
      Float32Array.from({ length: 64 * 64 }, (_, i) => 0.5 + 0.2 * Math.sin(Math.floor(i / 64))),
      64,
      64,
    );
    expect(rms(removeStripes(across).data, across.data)).toBeLessThan(1e-6);
    const waves = createRaster(
      Float32Array.from(
        { length: 64 * 64 },
        (_, i) => Math.cos((Math.PI * 40 * ((i >> 6) + 0.5)) / 64) * Math.sin(i % 64),
      ),
      64,
      64,
    );
    expect(rms(removeStripes(waves).data, waves.data)).toBeLessThan(1e-5);
    const one = createRaster(Float32Array.of(0.7), 1, 1);
    expect(removeStripes(one).data[0]).toBeCloseTo(0.7, 6);
    expect(() => removeStripes(one, { sigma: 0 })).toThrow(DomainError);
    expect(() => removeStripes(one, { maxWidthPx: 1 })).toThrow(/maxWidthPx/);
  });
});
