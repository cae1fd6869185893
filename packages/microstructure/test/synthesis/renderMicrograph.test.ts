import { createRandom, createRaster, DomainError } from "@materiome/core";
import { NOISE_LEVELS, renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

const twoGrains = createRaster(
  Uint32Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? 1 : 2)),
  64,
  64,
  { pixelSizeUm: 0.5 },
);
const plain = {
  grainContrast: 0,
  shading: 0,
  pitsPerMegapixel: 0,
  faintFraction: 0,
  noise: { photonsAtWhite: Number.POSITIVE_INFINITY, readStd: 0 },
} as const;

describe("renderMicrograph", () => {
  it("draws a groove of the stated width and depth on the boundary", () => {
    const image = renderMicrograph(twoGrains, { ...plain, blurPx: 0, boundaryWidthPx: 4 }, createRandom(1));
    expect(image.pixelSizeUm).toBe(0.5);
    const row = image.data.subarray(32 * 64, 33 * 64);
    expect(row[0]).toBeCloseTo(0.72, 6);
    // Pixel centres lie 0.5, 1.5, 2.5 px from the boundary between columns 31 and 32; half depth at 2 px.
    const depth = (d: number): number => Math.exp((-(d * d) * Math.LN2) / 4);
    const full = (0.72 - row[31]) / depth(0.5);
    expect(full).toBeGreaterThanOrEqual(0.5 * 0.7);
    expect(full).toBeLessThanOrEqual(0.5);
    for (const [column, d] of [
      [32, 0.5],
      [30, 1.5],
      [33, 1.5],
      [34, 2.5],
    ] as const) {
      expect(0.72 - row[column]).toBeCloseTo(full * depth(d), 5);
    }
  });

  it("keeps grey under blur, brightens bright boundaries", () => {
    const sharp = renderMicrograph(twoGrains, { ...plain, blurPx: 0 }, createRandom(1));
    const soft = renderMicrograph(twoGrains, { ...plain, blurPx: 2 }, createRandom(1));
    const sum = (values: Float32Array): number => values.reduce((s, v) => s + v, 0);
    expect(sum(soft.data)).toBeCloseTo(sum(sharp.data), 2);
    const bright = renderMicrograph(twoGrains, { ...plain, boundary: "bright" }, createRandom(1));
    expect(Math.max(...bright.data)).toBeGreaterThan(0.6);
    expect(Math.min(...bright.data)).toBeCloseTo(0.4, 5);
  });

  it("scratches only where asked: straight, across grains, everything else as before", () => {
    const clean = renderMicrograph(twoGrains, { ...plain, blurPx: 0 }, createRandom(1));
    const scratched = renderMicrograph(twoGrains, { ...plain, blurPx: 0, scratchesPerMegapixel: 250 }, createRandom(1));
    const touched = [...scratched.data.keys()].filter((i) => Math.abs(scratched.data[i] - clean.data[i]) > 0.02);
    expect(touched.length).toBeGreaterThan(5);
    // One scratch: all touched pixels lie within 4 px of one line, their principal axis.
    const points = touched.map((i) => [i % 64, Math.floor(i / 64)] as const);
    const mean = [0, 1].map((k) => points.reduce((s, p) => s + p[k]!, 0) / points.length);
    const moment = (a: number, b: number): number =>
      points.reduce((s, p) => s + (p[a]! - mean[a]!) * (p[b]! - mean[b]!), 0);
    const angle = 0.5 * Math.atan2(2 * moment(0, 1), moment(0, 0) - moment(1, 1));
    const off = points.map(([x, y]) => -Math.sin(angle) * (x - mean[0]!) + Math.cos(angle) * (y - mean[1]!));
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(4);
    expect(() => renderMicrograph(twoGrains, { scratchesPerMegapixel: -1 }, createRandom(1))).toThrow(DomainError);
  });

  it.each(["low", "medium", "high"] as const)("has the stated noise at level %s", (noise) => {
    const one = createRaster(new Uint32Array(200 * 200).fill(1), 200, 200);
    const image = renderMicrograph(one, { ...plain, noise }, createRandom(4));
    const mean = image.data.reduce((s, v) => s + v, 0) / image.data.length;
    const variance = image.data.reduce((s, v) => s + (v - mean) ** 2, 0) / image.data.length;
    const { photonsAtWhite, readStd } = NOISE_LEVELS[noise];
    expect(mean).toBeCloseTo(0.72, 2);
    expect(variance / (0.72 / photonsAtWhite + readStd ** 2)).toBeCloseTo(1, 1);
  });

  it("repeats for a seed, stays in [0, 1], and shades", () => {
    const labels = voronoiGrains({ width: 120, height: 90, nGrains: 40 }, createRandom(1));
    const a = renderMicrograph(labels, { noise: "high" }, createRandom(2));
    expect(renderMicrograph(labels, { noise: "high" }, createRandom(2)).data).toEqual(a.data);
    expect(Math.min(...a.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...a.data)).toBeLessThanOrEqual(1);
    const one = createRaster(new Uint32Array(100 * 100).fill(1), 100, 100);
    const shaded = renderMicrograph(one, { ...plain, shading: 0.2, blurPx: 0 }, createRandom(3));
    expect(Math.max(...shaded.data)).toBeCloseTo(0.72 * 1.2, 5);
    expect(Math.min(...shaded.data)).toBeCloseTo(0.72 * 0.8, 5);
  });

  it("refuses boundary pixels and options out of range", () => {
    expect(() => renderMicrograph(createRaster(new Uint32Array(4), 2, 2), {}, createRandom(1))).toThrow(/holds 0/);
    expect(() => renderMicrograph(twoGrains, { shading: 2 }, createRandom(1))).toThrow(DomainError);
    expect(() => renderMicrograph(twoGrains, { noise: "huge" as "high" }, createRandom(1))).toThrow(/noise/);
  });
});
