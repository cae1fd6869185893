import { createRandom, createRaster, DomainError, ShapeError } from "@materiome/core";
import { segmentParticles, segmentPores } from "@materiome/microstructure/segment";
import { describe, expect, it } from "vitest";

type Disc = readonly [x: number, y: number, r: number];

interface Look {
  readonly matrix: number;
  readonly disc: number;
  readonly noise: number;
  readonly shading?: number;
}

function discs(size: number, all: readonly Disc[], { matrix, disc, noise, shading = 0 }: Look) {
  const random = createRandom(3);
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const x = i % size;
    const y = Math.floor(i / size);
    const inside = all.some(([cx, cy, r]) => Math.hypot(x - cx, y - cy) < r);
    const light = 1 + shading * ((x + y) / size - 1);
    return Math.min(1, Math.max(0, (inside ? disc : matrix) * light + noise * random.normal()));
  });
  return createRaster(data, size, size);
}

function grid(size: number, pitch: number, radius: number): Disc[] {
  const all: Disc[] = [];
  for (let y = pitch / 2; y < size; y += pitch) for (let x = pitch / 2; x < size; x += pitch) all.push([x, y, radius]);
  return all;
}

describe("segmentParticles", () => {
  it.each([
    ["bright, few", 0.3, 0.8, 0.02, 5],
    ["dark, few", 0.7, 0.25, 0.02, 5],
    ["bright, noisy", 0.4, 0.7, 0.08, 8],
    ["dark, many", 0.7, 0.4, 0.04, 13],
  ])("counts and measures discs: %s", (_name, matrix, disc, noise, radius) => {
    const image = discs(240, grid(240, 30, radius), { matrix, disc, noise });
    const { nParticles, areaFraction, polarity, diagnostics } = segmentParticles(image);
    expect(nParticles).toBe(64);
    expect(polarity).toBe(disc > matrix ? "bright" : "dark");
    const drawn = discs(240, grid(240, 30, radius), { matrix: 0, disc: 1, noise: 0 });
    expect(Math.abs(areaFraction / (drawn.data.reduce((sum, v) => sum + v, 0) / 240 ** 2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(diagnostics.threshold - (matrix + disc) / 2)).toBeLessThan(0.03);
  });

  it("finds particles of a hundredth of the area, where Otsu's threshold cuts the noise of the matrix", () => {
    const image = discs(240, grid(240, 60, 3), { matrix: 0.5, disc: 0.75, noise: 0.03 });
    expect(segmentParticles(image).nParticles).toBe(16);
  });

  it("is not fooled by uneven light", () => {
    const image = discs(240, grid(240, 30, 10), { matrix: 0.4, disc: 0.6, noise: 0.02, shading: 0.3 });
    const { nParticles, areaFraction } = segmentParticles(image);
    expect(nParticles).toBe(64);
    expect(Math.abs(areaFraction / ((Math.PI * 100) / 900) - 1)).toBeLessThan(0.05);
    expect(segmentParticles(image, { flatten: false }).nParticles).not.toBe(64);
  });

  it("cuts touching discs at the neck, and only there", () => {
    const pairs: Disc[] = grid(240, 60, 10).flatMap(([x, y, r]): Disc[] => [
      [x - 9, y, r],
      [x + 9, y, r],
    ]);
    const image = discs(240, pairs, { matrix: 0.2, disc: 0.7, noise: 0.02 });
    expect(segmentParticles(image).nParticles).toBe(32);
    expect(segmentParticles(image, { splitNeck: 0 }).nParticles).toBe(16);
    const close: Disc[] = grid(240, 60, 12).flatMap(([x, y, r]): Disc[] => [
      [x - 4, y, r],
      [x + 4, y, r],
    ]);
    expect(segmentParticles(discs(240, close, { matrix: 0.2, disc: 0.7, noise: 0.02 })).nParticles).toBe(16);
  });

  it("keeps the limits of area, in px and µm²", () => {
    const all: Disc[] = [...grid(240, 60, 8), [60, 60, 4], [120, 120, 4], [180, 180, 4]];
    const image = discs(240, all, { matrix: 0.2, disc: 0.7, noise: 0.01 });
    expect(segmentParticles(image).nParticles).toBe(19);
    expect(segmentParticles(image, { minAreaPx: 100 }).nParticles).toBe(16);
    expect(segmentParticles(image, { maxAreaPx: 100 }).nParticles).toBe(3);
    expect(segmentParticles({ ...image, pixelSizeUm: 0.1 }, { minAreaUm2: 1 }).nParticles).toBe(16);
    expect(() => segmentParticles(image, { minAreaUm2: 1 })).toThrow(/pixel size/);
    expect(() => segmentParticles(image, { minAreaPx: 5, maxAreaPx: 3 })).toThrow(DomainError);
  });

  it("fills holes by option", () => {
    const image = discs(120, [[60, 60, 20]], { matrix: 0.2, disc: 0.7, noise: 0.005 });
    for (let y = 56; y < 65; y++) for (let x = 56; x < 65; x++) image.data[y * 120 + x] = 0.2;
    const area = (labels: Uint32Array): number => labels.reduce((n, label) => n + (label > 0 ? 1 : 0), 0);
    const filled = area(segmentParticles(image).labels.data);
    const open = area(segmentParticles(image, { fillHoles: false, splitNeck: 0 }).labels.data);
    expect(Math.abs(filled - open - 81)).toBeLessThanOrEqual(12);
  });

  it("refuses what it cannot do", () => {
    const flat = createRaster(new Float32Array(400).fill(0.5), 20, 20);
    expect(() => segmentParticles(flat)).toThrow(/uniform/);
    expect(() => segmentParticles(createRaster(new Float32Array(1), 1, 1))).toThrow(ShapeError);
    expect(() => segmentParticles(createRaster(new Float32Array(400).fill(NaN), 20, 20))).toThrow(DomainError);
    expect(() => segmentParticles(flat, { splitNeck: 2 })).toThrow(DomainError);
  });
});

describe("segmentPores", () => {
  it("finds pores in a dark and in a bright phase of one image, each to half its own depth", () => {
    const random = createRandom(4);
    const size = 240;
    const pores = grid(size, 40, 6);
    const data = Float32Array.from({ length: size * size }, (_, i) => {
      const x = i % size;
      const y = Math.floor(i / size);
      const solid = y < 120 ? 0.9 : 0.35;
      const isPore = pores.some(([cx, cy, r]) => Math.hypot(x - cx, y - cy) < r);
      return (isPore ? 0.05 : solid) + 0.01 * random.normal();
    }).map((v) => Math.max(0, v));
    const { nPores, areaFraction } = segmentPores(createRaster(data, size, size));
    expect(nPores).toBe(36);
    expect(Math.abs(areaFraction / ((Math.PI * 36) / 1600) - 1)).toBeLessThan(0.08);
  });

  it("finds pores that the border cuts", () => {
    const image = discs(
      120,
      [
        [0, 60, 8],
        [60, 119, 8],
        [60, 60, 8],
      ],
      { matrix: 0.7, disc: 0.1, noise: 0.01 },
    );
    expect(segmentPores(image).nPores).toBe(3);
  });

  it("finds none in noise, and none below the depth asked for", () => {
    const noise = discs(120, [], { matrix: 0.5, disc: 0, noise: 0.03 });
    expect(segmentPores(noise).nPores).toBe(0);
    const image = discs(120, [[60, 60, 8]], { matrix: 0.7, disc: 0.4, noise: 0.01 });
    expect(segmentPores(image, { minDepth: 0.2 }).nPores).toBe(1);
    expect(segmentPores(image, { minDepth: 0.4 }).nPores).toBe(0);
    expect(() => segmentPores(image, { edgeLevel: 1 })).toThrow(DomainError);
    expect(() => segmentPores(image, { minDepth: 0 })).toThrow(DomainError);
  });
});
