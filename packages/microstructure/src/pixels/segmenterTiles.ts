import { type ModelReader, type Raster, runTasks, type Segmenter, ShapeError } from "@materiome/core";
import { cropRaster } from "./cropRaster.ts";
import type { Region } from "./featureWindow.ts";
import { cutTiles, type RunOptions, sharedBytes } from "./predictImage.ts";
import { withTestTimeAugmentation } from "./withTestTimeAugmentation.ts";

const MODULE = import.meta.url;

export type SegmenterViews = "none" | "flips" | "square";

/** Tiles are at least this many halos wide: what is computed twice is then little. */
const HALOS_PER_TILE = 8;
const LARGEST_TILE_PX = 1024;

/** A segmenter, ready for other threads. */
export interface PortableSegmenter {
  readonly segmenter: Segmenter;
  /** Flips or turns that it is asked for, their mean taken. */
  readonly views: SegmenterViews;
  readonly key: string;
  /** JSON of the segmenter in shared memory; made when a thread first needs it. */
  json?: Uint8Array;
}

let nSegmenters = 0;

export function portableSegmenter(segmenter: Segmenter, views: SegmenterViews): PortableSegmenter {
  nSegmenters += 1;
  return { segmenter, views, key: `segmenter ${nSegmenters}` };
}

/** The segmenter, or the mean of its views. */
export function asked({ segmenter, views }: Pick<PortableSegmenter, "segmenter" | "views">): Segmenter {
  return views === "none" ? segmenter : withTestTimeAugmentation(segmenter, { views });
}

/**
 * Class probabilities of an image by tiles with halo, in threads where more than one is allowed; the result does not depend on the tiles.
 *
 * @param prepared - the image as the segmenter takes it
 */
export async function segmentByTiles(
  portable: PortableSegmenter,
  prepared: Raster<Float32Array>,
  tilePx: number,
  run: RunOptions,
): Promise<Raster<Float32Array>> {
  const { segmenter, views, key } = portable;
  const { width, height } = prepared;
  const nClasses = segmenter.classes.length;
  const { halo, alignment = 1 } = segmenter;
  const side = alignment * Math.ceil(Math.max(tilePx, Math.min(LARGEST_TILE_PX, HALOS_PER_TILE * halo)) / alignment);
  const tiles = cutTiles({ x: 0, y: 0, width, height }, side).map((inner) => ({
    inner,
    outer: withHalo(inner, prepared, halo, alignment),
  }));
  const data = new Float32Array(width * height * nClasses);
  const put = ({ inner, outer }: (typeof tiles)[number], found: Raster<Float32Array>): void => {
    if (found.width !== outer.width || found.height !== outer.height || found.channels !== nClasses) {
      throw new ShapeError(
        `classifyPixels: the segmenter made ${found.width} × ${found.height} × ${found.channels} of a tile of ${outer.width} × ${outer.height} px with ${nClasses} classes`,
      );
    }
    for (let y = 0; y < inner.height; y++) {
      const from = ((inner.y - outer.y + y) * outer.width + inner.x - outer.x) * nClasses;
      data.set(found.data.subarray(from, from + inner.width * nClasses), ((inner.y + y) * width + inner.x) * nClasses);
    }
  };
  const stage = "classify pixels";
  if (run.threads === 1 || tiles.length === 1) {
    const one = asked(portable);
    for (const [k, tile] of tiles.entries()) {
      await new Promise<void>((resolve) => setImmediate(resolve)); // lets a signal through
      run.signal?.throwIfAborted();
      put(tile, await one.segmentTile(cropRaster(prepared, tile.outer)));
      run.onProgress?.({ stage, done: k + 1, total: tiles.length });
    }
  } else {
    portable.json ??= sharedBytes(JSON.stringify(segmenter));
    const { json } = portable;
    const inputs = tiles.map(({ outer }): SegmentTileInput => {
      return { module: segmenter.module, json, key, views, image: prepared, region: outer };
    });
    const task = { module: MODULE, name: "segmentTileTask" };
    const found = await runTasks<SegmentTileInput, Raster<Float32Array>>(task, inputs, { ...run, stage });
    for (const [k, tile] of tiles.entries()) put(tile, found[k]!); // one per tile
  }
  return { ...prepared, data, channels: nClasses };
}

function withHalo(inner: Region, { width, height }: Raster, halo: number, alignment: number): Region {
  const down = (at: number): number => alignment * Math.floor(Math.max(0, at) / alignment);
  const up = (at: number, length: number): number => Math.min(length, alignment * Math.ceil(at / alignment));
  const [x, y] = [down(inner.x - halo), down(inner.y - halo)];
  return {
    x,
    y,
    width: up(inner.x + inner.width + halo, width) - x,
    height: up(inner.y + inner.height + halo, height) - y,
  };
}

interface SegmentTileInput {
  /** Module that reads the segmenter, and its JSON as UTF-8 bytes in shared memory. */
  readonly module: string;
  readonly json: Uint8Array;
  /** Tells segmenters apart, so that a thread reads each once. */
  readonly key: string;
  readonly views: SegmenterViews;
  /** In shared memory. */
  readonly image: Raster<Float32Array>;
  readonly region: Region;
}

let held: { readonly key: string; readonly segmenter: Segmenter } | undefined;

/** One tile, in another thread. */
export async function segmentTileTask(input: SegmentTileInput): Promise<Raster<Float32Array>> {
  if (held?.key !== input.key) {
    const { reader } = (await import(input.module)) as { readonly reader: ModelReader };
    const data: unknown = JSON.parse(new TextDecoder().decode(input.json.slice()));
    const segmenter = (await reader.read(data, reader)) as Segmenter;
    held = { key: input.key, segmenter: asked({ segmenter, views: input.views }) };
  }
  return held.segmenter.segmentTile(cropRaster(input.image, input.region));
}
