import {
  createRandom,
  createRaster,
  DataError,
  DomainError,
  IncompatibleError,
  type Raster,
  ShapeError,
} from "@materiome/core";
import { describe, expect, it } from "vitest";
import { phaseCorrelation, registerTiles, stitchTiles, tileGrid } from "../../src/enhance/index.ts";
import { placeTiles } from "../../src/enhance/placeTiles.ts";
import { renderMicrograph, voronoiGrains } from "../../src/synthesis/index.ts";

const random = createRandom(12);
const scene = renderMicrograph(
  voronoiGrains({ width: 420, height: 330, nGrains: 500 }, random),
  { noise: { photonsAtWhite: Number.POSITIVE_INFINITY, readStd: 0 }, shading: 0 },
  random,
);

function cut(x: number, y: number, width: number, height: number, noise = 0): Raster<Float32Array> {
  const out = new Float32Array(width * height);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++)
      out[v * width + u] = scene.data[(y + v) * scene.width + x + u]! + noise * random.normal();
  }
  return createRaster(out, width, height, { pixelSizeUm: 0.25 });
}

describe("phaseCorrelation", () => {
  it("finds whole shifts with their sign", () => {
    const [peak] = phaseCorrelation(cut(40, 50, 90, 64), cut(33, 61, 90, 64));
    expect(peak).toMatchObject({ dxPx: 7, dyPx: -11 });
  });

  it("returns the highest peaks in order and refuses what does not fit", () => {
    const peaks = phaseCorrelation(cut(0, 0, 30, 40), cut(2, 1, 30, 40), { peaks: 5, maxShiftPx: [4, 3] });
    expect(peaks[0]).toMatchObject({ dxPx: -2, dyPx: -1 });
    for (let k = 1; k < peaks.length; k++) expect(peaks[k]!.height).toBeLessThanOrEqual(peaks[k - 1]!.height);
    for (const { dxPx, dyPx } of peaks) expect(Math.abs(dxPx) <= 4 && Math.abs(dyPx) <= 3).toBe(true);
    expect(() => phaseCorrelation(cut(0, 0, 30, 40), cut(0, 0, 31, 40))).toThrow(ShapeError);
    expect(() => phaseCorrelation(cut(0, 0, 3, 40), cut(0, 0, 3, 40))).toThrow(DomainError);
  });
});

const grid = { columns: 4, rows: 3, tileWidth: 120, tileHeight: 120, overlap: 0.25, order: "snake" } as const;
const nominal = tileGrid(grid);
const jitter = nominal.map(() => ({ x: random.int(17) - 8, y: random.int(17) - 8 }));
const truth = nominal.map(({ xPx, yPx }, k) => ({ x: xPx + 14 + jitter[k]!.x, y: yPx + 14 + jitter[k]!.y }));
const tiles = truth.map(({ x, y }) => cut(x, y, 120, 120, 0.04));
const left = Math.min(...truth.map(({ x }) => x));
const top = Math.min(...truth.map(({ y }) => y));

describe("stitchTiles", () => {
  it("lays out a grid row by row or as a snake", () => {
    expect(nominal.slice(3, 6)).toEqual([
      { xPx: 270, yPx: 0 },
      { xPx: 270, yPx: 90 },
      { xPx: 180, yPx: 90 },
    ]);
    expect(tileGrid({ ...grid, order: "rows" })[4]).toEqual({ xPx: 0, yPx: 90 });
    expect(() => tileGrid({ ...grid, overlap: 1 })).toThrow(DomainError);
  });

  it("recovers every position of a jittered, noisy grid to the pixel, and the image within the noise", () => {
    const { image, covered, registration } = stitchTiles(tiles, nominal, { maxShiftPx: 20 });
    for (const [k, { xPx, yPx }] of registration.positions.entries()) {
      expect(Math.round(xPx)).toBe(truth[k]!.x - left);
      expect(Math.round(yPx)).toBe(truth[k]!.y - top);
    }
    expect(registration).toMatchObject({ nGroups: 1, loose: [] });
    expect(registration.residualPx).toBeLessThan(0.3);
    let squares = 0;
    let n = 0;
    for (let i = 0; i < image.data.length; i++) {
      if (covered.data[i] === 0) continue;
      const [x, y] = [(i % image.width) + left, Math.floor(i / image.width) + top];
      squares += (image.data[i]! - scene.data[y * scene.width + x]!) ** 2;
      n++;
    }
    expect(Math.sqrt(squares / n)).toBeLessThan(0.04);
    expect(image.pixelSizeUm).toBe(0.25);
  });

  it("rejects a tile of another place, names the pairs and leaves it where it was meant to lie", () => {
    const wrong = [...tiles];
    const noise = createRandom(99);
    wrong[5] = { ...tiles[5]!, data: tiles[5]!.data.map(() => noise.next()) };
    const { pairs, positions, loose, nGroups } = registerTiles(wrong, nominal, { maxShiftPx: 20 });
    const withWrong = pairs.filter(({ first, second }) => first === 5 || second === 5);
    expect(withWrong.length).toBeGreaterThan(2);
    for (const pair of withWrong) expect(pair.status).toBe("low-correlation");
    expect(loose).toEqual([5]);
    expect(nGroups).toBe(2);
    for (const k of [0, 3, 7, 11]) {
      expect(Math.round(positions[k]!.xPx - positions[1]!.xPx)).toBe(truth[k]!.x - truth[1]!.x);
      expect(Math.round(positions[k]!.yPx - positions[1]!.yPx)).toBe(truth[k]!.y - truth[1]!.y);
    }
  });

  it("drops a pair that contradicts the others, and places the rest by least squares", () => {
    const square = tileGrid({ columns: 2, rows: 2, tileWidth: 100, tileHeight: 100, overlap: 0.2 });
    const pair = (first: number, second: number, dxPx: number, dyPx: number) =>
      ({ first, second, dxPx, dyPx, correlation: 0.9, status: "used" }) as const;
    const pairs = [
      ...[pair(0, 1, 82, 1), pair(2, 3, 81, -1), pair(0, 2, -2, 79)],
      ...[pair(1, 3, -3, 77), pair(0, 3, 79, 78), pair(1, 2, -60, 78)],
    ];
    const placed = placeTiles(square, pairs, 2);
    expect(placed.pairs.map(({ status }) => status)).toEqual([...Array(5).fill("used"), "inconsistent"]);
    expect(placed.residualPx).toBeCloseTo(0, 5);
    for (const [k, [x, y]] of [
      [2, 0],
      [84, 1],
      [0, 79],
      [81, 78],
    ].entries()) {
      expect(placed.positions[k]!.xPx).toBeCloseTo(x!, 4);
      expect(placed.positions[k]!.yPx).toBeCloseTo(y!, 4);
    }
  });

  it("stitches colour, a single tile, and refuses mixtures", () => {
    const colour = tiles.slice(0, 2).map((tile) =>
      createRaster(
        Float32Array.from({ length: 3 * 14400 }, (_, i) => tile.data[Math.floor(i / 3)]! * (1 - 0.2 * (i % 3))),
        120,
        120,
        { channels: 3 },
      ),
    );
    const { image, registration } = stitchTiles(colour, nominal.slice(0, 2), { blend: "mean", maxShiftPx: 20 });
    expect(image.channels).toBe(3);
    const dx = registration.positions[1]!.xPx - registration.positions[0]!.xPx;
    expect(Math.round(dx)).toBe(truth[1]!.x - truth[0]!.x);
    const alone = stitchTiles(tiles.slice(0, 1), [{ xPx: 7, yPx: -3 }]);
    expect(alone.image.data).toEqual(tiles[0]!.data);
    expect(alone.registration.loose).toEqual([]);
    expect(() => stitchTiles([tiles[0]!, colour[0]!], nominal.slice(0, 2))).toThrow(IncompatibleError);
    expect(() => stitchTiles([], [])).toThrow(DataError);
    expect(() => registerTiles(tiles, nominal.slice(1))).toThrow(ShapeError);
  });
});
