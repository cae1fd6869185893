import { createRandom, createRaster, DataError, DomainError, type LabelMap, type Random } from "@materiome/core";
import { duplexGrainSize } from "@materiome/microstructure/measure";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

const SIZE = 400;

/** Coarse grains where `isCoarse` says, fine ones elsewhere: two mosaics in one frame. */
function mixed(isCoarse: (x: number, y: number) => boolean, nCoarse: number, nFine: number, random: Random): LabelMap {
  const coarse = voronoiGrains({ width: SIZE, height: SIZE, nGrains: nCoarse }, random.fork("coarse"));
  const fine = voronoiGrains({ width: SIZE, height: SIZE, nGrains: nFine }, random.fork("fine"));
  const data = coarse.data.map((label, i) => (isCoarse(i % SIZE, Math.floor(i / SIZE)) ? label : 1000 + fine.data[i]));
  return createRaster(data, SIZE, SIZE, { pixelSizeUm: 1 });
}

describe("duplexGrainSize", () => {
  it("finds a uniform structure uniform", () => {
    const field = voronoiGrains({ width: SIZE, height: SIZE, nGrains: 400, pixelSizeUm: 1 }, createRandom(1));
    const found = duplexGrainSize(field);
    expect(found.kinds).toEqual([]);
    expect(found.text).toMatch(/^Grain size ASTM No\. /);
    expect(Math.abs(found.coarse.areaFraction + found.fine.areaFraction - 1)).toBeLessThan(1e-12);
    expect(found.coarse.G).toBeLessThan(found.G);
    expect(found.fine.G).toBeGreaterThan(found.G);
  });

  /** Colonies of fine grains in a chequer of 50 px; a coarse grain is a square of the chequer. */
  const chequer = (nFine: number): LabelMap => {
    const fine = voronoiGrains({ width: SIZE, height: SIZE, nGrains: nFine }, createRandom(2));
    const data = fine.data.map((label, i) => {
      const [a, b] = [Math.floor(((i % SIZE) + 25) / 50), Math.floor((Math.floor(i / SIZE) + 25) / 50)];
      return (a + b) % 2 === 0 ? 1 + a + 20 * b : 1000 + label;
    });
    return createRaster(data, SIZE, SIZE, { pixelSizeUm: 1 });
  };

  it("finds two sizes with their shares and numbers", () => {
    const found = duplexGrainSize(chequer(2222));
    expect(found.kinds).toContain("bimodal");
    expect(found.kinds).not.toContain("crossSection");
    expect(found.kinds).not.toContain("banded");
    expect(Math.abs(found.coarse.areaFraction - 0.5)).toBeLessThan(0.1);
    // 2500 µm² is G 5.69; 2222 grains on 160 000 µm², some cut by the chequer, G 10.8 and a little more.
    expect(Math.abs(found.coarse.G - 5.69)).toBeLessThan(0.1);
    expect(found.fine.G - 10.8).toBeGreaterThan(0);
    expect(found.fine.G - 10.8).toBeLessThan(0.7);
    expect(found.text).toMatch(/Duplex, bimodal, \d+ % ASTM No\. 5\.7, \d+ % ASTM No\. 1/);
    // Grains only two to three numbers finer are no second size.
    const alike = duplexGrainSize(chequer(300));
    expect(alike.fine.G - alike.coarse.G).toBeGreaterThan(2);
    expect(alike.kinds).not.toContain("bimodal");
  });

  it("finds a single coarse grain", () => {
    const disc = (x: number, y: number): boolean => Math.hypot(x - 200, y - 200) < 45;
    const found = duplexGrainSize(mixed(disc, 1, 1333, createRandom(3)));
    expect(found.kinds).toContain("isolatedCoarse");
    expect(found.kinds).not.toContain("bimodal");
    expect(found.isolated).toMatchObject({ nGrains: 1 });
    expect(found.text).toContain("ALA ASTM No. ");
  });

  it("tells layers at a surface from bands", () => {
    const surface = duplexGrainSize(mixed((x) => x < 200, 18, 1800, createRandom(4)));
    expect(surface.kinds).toContain("crossSection");
    expect(surface.kinds).not.toContain("banded");
    expect(surface.arrangement.acrossRangeG).toBeGreaterThan(3);
    const bands = duplexGrainSize(mixed((_, y) => Math.floor(y / 50) % 2 === 0, 90, 8900, createRandom(5)));
    expect(bands.kinds).toContain("banded");
    expect(bands.kinds).not.toContain("crossSection");
  });

  it("finds a necklace: coarse grains, each in a ring of fine ones", () => {
    // Cells of 100 px: a coarse grain of 76 × 76, around it a ring of fine grains of 12 × 12 in one or two layers.
    const data = Uint32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      const [u, v] = [x % 100, y % 100];
      if (u >= 12 && u < 88 && v >= 12 && v < 88) return 1 + Math.floor(x / 100) + 4 * Math.floor(y / 100);
      return 100 + Math.floor(x / 12.5) + 32 * Math.floor(y / 12.5);
    });
    const found = duplexGrainSize(createRaster(data, SIZE, SIZE, { pixelSizeUm: 1 }));
    expect(found.kinds).toContain("necklace");
    expect(found.arrangement.coarseBorderWithFine).toBe(1);
  });

  it("refuses what it cannot measure", () => {
    const plain = createRaster(new Uint32Array(9).fill(1), 3, 3);
    expect(() => duplexGrainSize(plain)).toThrow(DomainError);
    expect(() => duplexGrainSize(plain, { pixelSizeUm: 1 })).toThrow(DataError);
    const parted = createRaster(Uint32Array.of(1, 0, 2), 3, 1, { pixelSizeUm: 1 });
    expect(() => duplexGrainSize(parted)).toThrow(/absorbBoundaries/);
  });
});
