import { createRaster, DataError, type Raster, ShapeError } from "@materiome/core";
import { windowCorrelation } from "../kernels/index.ts";
import { checkImage, checkOption, checkWhole } from "./checkImage.ts";
import { phaseCorrelation } from "./phaseCorrelation.ts";
import { placeTiles } from "./placeTiles.ts";
import type { TilePosition } from "./tileGrid.ts";

export interface RegisterTilesOptions {
  /** Farthest that two tiles may lie from their nominal offset along x and along y, px. @defaultValue 32 */
  readonly maxShiftPx?: number | undefined;
  /** Pairs whose overlap correlates less are left out. @defaultValue 0.3 */
  readonly minCorrelation?: number | undefined;
  /** Smallest width and height of an overlap that is used, px. @defaultValue 16 */
  readonly minOverlapPx?: number | undefined;
  /** Pairs farther than this from where all pairs together put them are left out, worst first, px. @defaultValue 2 */
  readonly maxResidualPx?: number | undefined;
}

/** Two tiles that overlap, by index. */
export interface TilePair {
  readonly first: number;
  readonly second: number;
  /** Measured position of the second less that of the first, to a fraction of a pixel. */
  readonly dxPx: number;
  readonly dyPx: number;
  /** Pearson's correlation of the overlap at the nearest whole offset. */
  readonly correlation: number;
  /** "inconsistent": contradicts the other pairs by more than `maxResidualPx`. */
  readonly status: "used" | "low-correlation" | "inconsistent";
}

export interface TileRegistration {
  /** Position of each tile; the smallest x and y are 0. */
  readonly positions: readonly TilePosition[];
  readonly pairs: readonly TilePair[];
  /** Root mean square distance of the used pairs from the positions, px; 0 without pairs. */
  readonly residualPx: number;
  /** Number of groups of tiles tied by used pairs: 1 where all hold together. Groups lie where the stage meant them to. */
  readonly nGroups: number;
  /** Tiles that no used pair ties to another; they lie at their nominal place. */
  readonly loose: readonly number[];
}

/**
 * Positions of overlapping tiles. Each nominal overlap is registered by phase correlation; its highest peaks are judged by
 * Pearson's correlation of the overlap that they imply, the best climbs to the nearest maximum, which parabolas refine to a
 * fraction of a pixel. Positions p then minimise Σ r² |p_b − p_a − d_ab|² over all pairs of sufficient correlation r; pairs
 * that contradict the result are dropped one by one, worst first.
 *
 * @param tiles - one channel or three (registered by their mean)
 * @param nominal - where the stage meant them to lie, see {@link tileGrid}
 * @throws ShapeError if positions do not fit the tiles; DomainError for NaN or infinite values or options out of range
 * @throws DataError without tiles
 * @see S. Preibisch, S. Saalfeld, P. Tomancak, Bioinformatics 25, 1463 (2009), doi:10.1093/bioinformatics/btp184
 * @example
 * const { positions, pairs } = registerTiles(tiles, tileGrid({ columns: 2, rows: 2, tileWidth: 512, tileHeight: 512 }));
 */
export function registerTiles(
  tiles: readonly Raster<Float32Array>[],
  nominal: readonly TilePosition[],
  options: RegisterTilesOptions = {},
): TileRegistration {
  const caller = "registerTiles";
  const maxShift = checkWhole(caller, "maxShiftPx", options.maxShiftPx ?? 32, 1, 1e5);
  const minCorrelation = checkOption(caller, "minCorrelation", options.minCorrelation ?? 0.3, 0, 1);
  const minOverlap = checkWhole(caller, "minOverlapPx", options.minOverlapPx ?? 16, 4, 1e5);
  const maxResidual = checkOption(caller, "maxResidualPx", options.maxResidualPx ?? 2, 0.01, 1e6);
  if (tiles.length === 0) throw new DataError(`${caller}: there are no tiles; give one at least`);
  if (nominal.length !== tiles.length) {
    throw new ShapeError(`${caller}: ${tiles.length} tiles need as many positions, got ${nominal.length}`);
  }
  for (const { xPx, yPx } of nominal) {
    checkWhole(caller, "xPx", xPx, -1e9, 1e9);
    checkWhole(caller, "yPx", yPx, -1e9, 1e9);
  }
  const greys = tiles.map((tile, k) => {
    checkImage(`${caller}: tile ${k}`, tile);
    return meanOfChannels(tile);
  });
  const pairs: TilePair[] = [];
  for (let second = 1; second < tiles.length; second++) {
    for (let first = 0; first < second; first++) {
      const a = { grey: greys[first]!, at: nominal[first]! }; // indices below tiles.length
      const b = { grey: greys[second]!, at: nominal[second]! };
      const match = matchPair(a, b, maxShift, minOverlap);
      if (match === undefined) continue;
      pairs.push({ first, second, ...match, status: match.correlation < minCorrelation ? "low-correlation" : "used" });
    }
  }
  return placeTiles(nominal, pairs, maxResidual);
}

interface PlacedTile {
  readonly grey: Raster<Float32Array>;
  readonly at: TilePosition;
}

type Match = Pick<TilePair, "dxPx" | "dyPx" | "correlation">;

const N_PEAKS = 8;

function matchPair(a: PlacedTile, b: PlacedTile, maxShift: number, minOverlap: number): Match | undefined {
  const dx = b.at.xPx - a.at.xPx;
  const dy = b.at.yPx - a.at.yPx;
  const x = span(a.grey.width, b.grey.width, dx);
  const y = span(a.grey.height, b.grey.height, dy);
  if (x.length < minOverlap || y.length < minOverlap) return undefined;
  const score = (u: number, v: number): number => overlapCorrelation(a.grey, b.grey, u, v, minOverlap);
  const peaks = phaseCorrelation(crop(a.grey, x.start, y.start, x, y), crop(b.grey, x.start - dx, y.start - dy, x, y), {
    peaks: N_PEAKS,
    maxShiftPx: [Math.min(maxShift, x.length >> 1), Math.min(maxShift, y.length >> 1)],
  });
  let best = { u: dx, v: dy, r: score(dx, dy) };
  for (const peak of peaks) {
    const u = dx - peak.dxPx;
    const v = dy - peak.dyPx;
    const r = score(u, v);
    if (r > best.r) best = { u, v, r };
  }
  for (let isClimbing = true; isClimbing; ) {
    isClimbing = false;
    for (const [su, sv] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const next = { u: best.u + su, v: best.v + sv };
      if (Math.abs(next.u - dx) > maxShift || Math.abs(next.v - dy) > maxShift) continue;
      const r = score(next.u, next.v);
      if (r > best.r) {
        best = { ...next, r };
        isClimbing = true;
      }
    }
  }
  return {
    dxPx: best.u + vertex(score(best.u - 1, best.v), best.r, score(best.u + 1, best.v)),
    dyPx: best.v + vertex(score(best.u, best.v - 1), best.r, score(best.u, best.v + 1)),
    correlation: best.r,
  };
}

/** Part of a side of the first tile that the second covers, which lies `shift` further. */
function span(a: number, b: number, shift: number): { readonly start: number; readonly length: number } {
  const start = Math.max(0, shift);
  return { start, length: Math.min(a, shift + b) - start };
}

/** Correlation of the overlap of two tiles, the second lying at (dx, dy) of the first; −1 where it is too small. */
function overlapCorrelation(
  a: Raster<Float32Array>,
  b: Raster<Float32Array>,
  dx: number,
  dy: number,
  minOverlap: number,
): number {
  const x = span(a.width, b.width, dx);
  const y = span(a.height, b.height, dy);
  const least = minOverlap / 2;
  if (x.length < least || y.length < least) return -1;
  const [bx, by] = [x.start - dx, y.start - dy];
  return windowCorrelation(x.length, y.length, a.data, a.width, x.start, y.start, b.data, b.width, bx, by);
}

/** Where a parabola through three points at −1, 0, 1 is highest, the middle one being the highest point. */
function vertex(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return before > -1 && after > -1 && bend < 0 ? (before - after) / (2 * bend) : 0;
}

function crop(
  { data, width }: Raster<Float32Array>,
  left: number,
  top: number,
  x: { readonly length: number },
  y: { readonly length: number },
): Raster<Float32Array> {
  const out = new Float32Array(x.length * y.length);
  for (let row = 0; row < y.length; row++) {
    const from = (top + row) * width + left;
    out.set(data.subarray(from, from + x.length), row * x.length);
  }
  return createRaster(out, x.length, y.length);
}

function meanOfChannels(tile: Raster<Float32Array>): Raster<Float32Array> {
  const { width, height, channels, data } = tile;
  if (channels === 1) return tile;
  const grey = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) grey[Math.floor(i / channels)]! += data[i]! / channels; // i < length
  return createRaster(grey, width, height);
}
