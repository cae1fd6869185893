import {
  createRaster,
  DomainError,
  type Raster,
  type Segmenter,
  type SegmentVariance,
  ShapeError,
  StoredReader,
} from "@materiome/core";
import { addToMoments, reflectIndex, squareSymmetry, undoView } from "../kernels/index.ts";
import { cropRaster } from "./cropRaster.ts";

export interface TestTimeAugmentationOptions {
  /**
   * "square": the eight flips and quarter turns; "flips": the four that keep rows rows, for images whose scan lines or layers make the
   * axes differ. @defaultValue "square"
   */
  readonly views?: "square" | "flips" | undefined;
}

/** A segmenter that asks another for several views of a tile. */
export type TestTimeSegmenter = Segmenter & SegmentVariance;

const TYPE = "materiome/test-time-augmentation";
const VERSION = 1;

/**
 * Segments a tile in each of its flips and quarter turns, turns the results back and takes their mean. Takes as many times longer. Of a
 * segmenter that treats all directions alike the result is the same.
 *
 * `segmentTileVariance` also gives the variance of the views (over n) per class and pixel: where a segmenter disagrees with itself.
 *
 * @param segmenter - takes tiles of any size; of those that are not square also with width and height exchanged
 * @throws DomainError for unknown views; ShapeError, on use, if the segmenter returns another size or number of classes
 * @example
 * const steadier = withTestTimeAugmentation(segmenter, { views: "flips" });
 * const { mean, variance } = await steadier.segmentTileVariance(tile);
 */
export function withTestTimeAugmentation(
  segmenter: Segmenter,
  options: TestTimeAugmentationOptions = {},
): TestTimeSegmenter {
  const { views = "square" } = options;
  if (views !== "square" && views !== "flips") {
    throw new DomainError(`withTestTimeAugmentation: views is "${String(views)}", expected "square" or "flips"`);
  }
  const nViews = views === "square" ? 8 : 4;
  const nClasses = segmenter.classes.length;
  const segmentTileVariance: SegmentVariance["segmentTileVariance"] = async (tile) => {
    const { pixelSizeUm } = tile;
    // Turned round, groups of pixels must still be counted from a border: a net that joins them would else see others in a tile.
    const padded = padTo(tile, segmenter.alignment ?? 1);
    const { width, height } = padded;
    const mean = new Float32Array(width * height * nClasses);
    const squares = new Float32Array(mean.length);
    const back = new Float32Array(mean.length);
    for (let view = 0; view < nViews; view++) {
      const seen = turned(padded, view);
      const found = await segmenter.segmentTile(seen);
      if (found.width !== seen.width || found.height !== seen.height || found.channels !== nClasses) {
        throw new ShapeError(
          `withTestTimeAugmentation: the segmenter made ${found.width} × ${found.height} × ${found.channels} of a tile of ${seen.width} × ${seen.height} px with ${nClasses} classes`,
        );
      }
      squareSymmetry(found.width, found.height, nClasses, found.data, undoView(view), back);
      addToMoments(view + 1, back, mean, squares);
    }
    // Rounding can leave a hair below 0 where all views agree.
    for (let i = 0; i < squares.length; i++) squares[i] = Math.max(0, squares[i]! / nViews); // i < length
    const shape = { channels: nClasses, pixelSizeUm };
    const region = { x: 0, y: 0, width: tile.width, height: tile.height };
    return {
      mean: cropRaster(createRaster(mean, width, height, shape), region),
      variance: cropRaster(createRaster(squares, width, height, shape), region),
    };
  };
  return {
    module: import.meta.url,
    toJSON: () => ({
      type: TYPE,
      version: VERSION,
      params: { views },
      state: { segmenter: { ...segmenter.toJSON() } },
    }),
    classes: segmenter.classes,
    halo: segmenter.halo,
    alignment: segmenter.alignment,
    segmentTile: async (tile) => (await segmentTileVariance(tile)).mean,
    segmentTileVariance,
  };
}

/**
 * Reads what `withTestTimeAugmentation` stored.
 *
 * @param read - reads the segmenter inside
 * @throws IncompatibleError for another type or version; FormatError for a damaged file
 * @example
 * const steadier = await readTestTimeAugmentation(JSON.parse(text), (data) => readPixelClassifier(data, reader));
 */
export async function readTestTimeAugmentation(
  data: unknown,
  read: (data: unknown) => Promise<Segmenter>,
): Promise<TestTimeSegmenter> {
  const stored = new StoredReader("readTestTimeAugmentation");
  const { params, state } = stored.header(data, TYPE, [VERSION]);
  const views = stored.oneOf(params["views"], ["square", "flips"] as const, "views");
  return withTestTimeAugmentation(await read(state["segmenter"]), { views });
}

/** The tile, mirrored behind its right and lower edges up to multiples of `step`. */
function padTo(tile: Raster<Float32Array>, step: number): Raster<Float32Array> {
  const { width, height, channels, pixelSizeUm, data } = tile;
  const [w, h] = [step * Math.ceil(width / step), step * Math.ceil(height / step)];
  if (w === width && h === height) return tile;
  const out = new Float32Array(w * h * channels);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const from = (reflectIndex(y, height) * width + reflectIndex(x, width)) * channels;
      out.set(data.subarray(from, from + channels), (y * w + x) * channels);
    }
  }
  return createRaster(out, w, h, { channels, pixelSizeUm });
}

function turned(tile: Raster<Float32Array>, view: number): Raster<Float32Array> {
  const { width, height, channels, pixelSizeUm } = tile;
  const data = new Float32Array(tile.data.length);
  squareSymmetry(width, height, channels, tile.data, view, data);
  return createRaster(data, (view & 4) === 0 ? width : height, (view & 4) === 0 ? height : width, {
    channels,
    pixelSizeUm,
  });
}
