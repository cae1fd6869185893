import { createRaster, IncompatibleError, type Raster } from "@materiome/core";
import { addTile } from "../kernels/index.ts";
import { checkWhole } from "./checkImage.ts";
import { type RegisterTilesOptions, registerTiles, type TileRegistration } from "./registerTiles.ts";
import type { TilePosition } from "./tileGrid.ts";

export interface StitchTilesOptions extends RegisterTilesOptions {
  /**
   * "feather": weights grow with the distance from a tile's edge, so that differences of brightness fade into each other.
   * "mean": all tiles alike, least noise. @defaultValue "feather"
   */
  readonly blend?: "feather" | "mean" | undefined;
  /** Most pixels of the result. @defaultValue 2²⁸ */
  readonly maxPixels?: number | undefined;
}

export interface StitchedImage {
  /** 0 where no tile lies. */
  readonly image: Raster<Float32Array>;
  /** 1 where a tile lies. */
  readonly covered: Raster<Uint8Array>;
  /** Where each tile was put, rounded to whole pixels, and how well the pairs fit. */
  readonly registration: TileRegistration;
}

/**
 * Puts overlapping tiles together: positions by {@link registerTiles}, rounded to whole pixels so that no tile is
 * interpolated, tiles blended by weights. Look at `registration`: pairs that did not correlate are named there, as are tiles
 * without any pair, which lie where the stage meant them to.
 *
 * @param tiles - all with the same number of channels and the same calibration
 * @param nominal - where the stage meant them to lie, see {@link tileGrid}
 * @throws IncompatibleError for tiles of other channels or calibrations; ShapeError, DomainError, DataError as `registerTiles`
 * @example
 * const { image, registration } = stitchTiles(tiles, tileGrid({ columns: 2, rows: 2, tileWidth: 512, tileHeight: 512 }));
 */
export function stitchTiles(
  tiles: readonly Raster<Float32Array>[],
  nominal: readonly TilePosition[],
  options: StitchTilesOptions = {},
): StitchedImage {
  const caller = "stitchTiles";
  for (const [k, tile] of tiles.entries()) {
    if (tile.channels === tiles[0]?.channels && tile.pixelSizeUm === tiles[0].pixelSizeUm) continue;
    throw new IncompatibleError(
      `${caller}: tile ${k} has ${tile.channels} channel(s) and a pixel of ${tile.pixelSizeUm ?? "unknown"} µm, tile 0 has ${tiles[0]?.channels} and ${tiles[0]?.pixelSizeUm ?? "unknown"}; bring them to one form`,
    );
  }
  const registration = registerTiles(tiles, nominal, options);
  let width = 0;
  let height = 0;
  const places = registration.positions.map(({ xPx, yPx }, k) => {
    const [left, top] = [Math.round(xPx), Math.round(yPx)];
    width = Math.max(width, left + tiles[k]!.width); // one position a tile
    height = Math.max(height, top + tiles[k]!.height);
    return { left, top };
  });
  checkWhole(caller, "number of pixels of the result", width * height, 1, options.maxPixels ?? 2 ** 28);
  const channels = tiles[0]!.channels; // registerTiles refuses an empty list
  const sums = new Float64Array(width * height * channels);
  const weights = new Float64Array(width * height);
  const power = options.blend === "mean" ? 0 : 1;
  for (const [k, { left, top }] of places.entries()) {
    const tile = tiles[k]!; // one place a tile
    addTile(tile.width, tile.height, channels, tile.data, power, left, top, width, sums, weights);
  }
  const data = new Float32Array(sums.length);
  const covered = new Uint8Array(weights.length);
  for (let i = 0; i < covered.length; i++) {
    const weight = weights[i]!; // i < length
    if (weight === 0) continue;
    covered[i] = 1;
    for (let c = i * channels; c < (i + 1) * channels; c++) data[c] = sums[c]! / weight; // one weight a pixel
  }
  const pixelSizeUm = tiles[0]!.pixelSizeUm; // not empty
  return {
    image: createRaster(data, width, height, { channels, pixelSizeUm }),
    covered: createRaster(covered, width, height, { pixelSizeUm }),
    registration,
  };
}
