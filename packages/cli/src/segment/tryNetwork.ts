import {
  createRandom,
  createRaster,
  FormatError,
  IncompatibleError,
  isMateriomeError,
  type Raster,
} from "@materiome/core";
import { type OnnxSegmenter, readOnnxSegmenter, type SegmenterDescription } from "@materiome/forward/nets";
import { cropTo } from "./heldOutScores.ts";

/** What a network from elsewhere does with a tile that nobody has seen. */
export interface TriedNetwork {
  readonly tilePx: number;
  /** What it gets where grey, or a colour, is 0 and where it is 1, over all channels. */
  readonly inputRange: readonly [number, number];
  /** How far inside the border of a part results are others than in the whole tile: the halo that it needs at least. */
  readonly borderPx: number;
  /** Whether that is as far as there are pixels. */
  readonly isAll: boolean;
}

/** Below, all images are alike to a network: their greys lie within so many of its standard deviations. */
const LEAST_RANGE = 0.05;
/** Change of a probability that counts. */
const CHANGE = 1e-3;
const LEAST_EDGE = 32;
const MOST_EDGE = 512;

/**
 * Asks a network for a tile of noise, and for a part of it: a description may fit the graph by chance and yet be wrong.
 *
 * @throws FormatError for a normalisation that no image comes through, by its key
 * @throws IncompatibleError or DataError, with the key, where it fails on sides that it should take, gives other channels than there are classes, or
 *   numbers that are not what the description calls them
 */
export async function tryNetwork(segmenter: OnnxSegmenter, model: Uint8Array, seed: number): Promise<TriedNetwork> {
  const { description } = segmenter;
  const inputRange = rangeOf(description);
  const { multiple, halo, largest } = description.tiling;
  const wanted = Math.min(Math.max(LEAST_EDGE, 2 * (halo + 2 * multiple)), ...(largest ?? [MOST_EDGE]), MOST_EDGE);
  // An odd number of the coarsest pixels: a network with one more pooling fails on it. Three at least, of which the part is the one in the middle.
  const tilePx = multiple * (1 + 2 * Math.max(1, Math.ceil((wanted / multiple - 1) / 2)));
  const random = createRandom(seed).fork("tile");
  const { channels } = description.input;
  const tile = createRaster(
    Float32Array.from({ length: tilePx * tilePx * channels }, () => random.next()),
    tilePx,
    tilePx,
    { channels },
  );
  const whole = await segmenter.segmentTile(tile);
  await refuseProbabilities(description, model, tile);
  // Still an odd number of them, from the second on.
  const part = cropTo(tile, { x: multiple, y: multiple, width: tilePx - 2 * multiple, height: tilePx - 2 * multiple });
  return { tilePx, inputRange, ...borderOf(whole, await segmenter.segmentTile(part), multiple) };
}

/** @throws FormatError where no grey of 0 … 1 comes out as the mean, or all come out alike */
function rangeOf({ input, network }: SegmenterDescription): readonly [number, number] {
  const { scale = 1, channels } = input;
  const ends = Array.from({ length: channels }, (_, c) => {
    const [mean, deviation] = [input.mean?.[c] ?? 0, input.deviation?.[c] ?? 1];
    return { mean, low: (0 - mean) / deviation, high: (scale - mean) / deviation };
  });
  const range = [Math.min(...ends.map(({ low }) => low)), Math.max(...ends.map(({ high }) => high))] as const;
  // One of our own gets greys that are prepared already, on a scale of their own.
  if (network !== undefined && "preparation" in network) return range;
  const strange = ends.find(({ mean }) => mean < 0 || mean > scale);
  if (strange !== undefined) {
    throw new FormatError(
      `no image has the mean ${strange.mean}: greys come as 0 … 1, and times input.scale as 0 … ${scale}; with a mean of 8-bit greys say input.scale 255, or give the mean of greys of 0 … 1`,
      { location: { key: "input.mean" } },
    );
  }
  const narrow = ends.find(({ low, high }) => high - low < LEAST_RANGE);
  if (narrow === undefined) return range;
  throw new FormatError(
    `to the network all images would be alike: greys come as 0 … 1, and to it as ${figures(narrow.low)} … ${figures(narrow.high)}; with 1, the default, it gets 0 … 1, with 255 those of 8 bits`,
    { location: { key: input.scale === undefined ? "input.deviation" : "input.scale" } },
  );
}

/** Softmax of probabilities looks like probabilities, which are less sure than the network is. */
async function refuseProbabilities(
  description: SegmenterDescription,
  model: Uint8Array,
  tile: Raster<Float32Array>,
): Promise<void> {
  const { output, targets } = description;
  if (output.values !== "logits" || output.foreground !== undefined) return;
  if (!targets.some(({ kind }) => kind === "classes")) return;
  const asTheyAre = await readOnnxSegmenter(model, { ...description, output: { ...output, values: "probabilities" } });
  try {
    await asTheyAre.segmentTile(tile);
  } catch (error) {
    if (isMateriomeError(error) && error.code === "DATA") return;
    throw error;
  } finally {
    await asTheyAre.close();
  }
  throw new IncompatibleError(
    'is "logits", but what the network gives are probabilities already: at every pixel of a tile of noise they lie in 0 … 1 and sum to 1; say "probabilities"',
    { location: { key: "output.values" } },
  );
}

/** Compares a part with the same place of the whole. */
function borderOf(
  whole: Raster<Float32Array>,
  part: Raster<Float32Array>,
  offset: number,
): Pick<TriedNetwork, "borderPx" | "isAll"> {
  const { width, height, channels } = part;
  let borderPx = 0;
  for (const [i, value] of part.data.entries()) {
    const pixel = Math.floor(i / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const other = whole.data[((y + offset) * whole.width + x + offset) * channels + (i % channels)] ?? Number.NaN;
    if (Math.abs(value - other) < CHANGE) continue;
    borderPx = Math.max(borderPx, 1 + Math.min(x, y, width - 1 - x, height - 1 - y));
  }
  return { borderPx, isAll: borderPx >= Math.floor(Math.min(width, height) / 2) };
}

const figures = (value: number): string => value.toPrecision(3);
