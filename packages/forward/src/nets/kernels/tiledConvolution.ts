import type { backend_util } from "@tensorflow/tfjs-core";
import type { WasmMemory } from "./wasmMemory.ts";

/** Padded images are made in bands of rows of at most this many numbers: they stay in the second-level cache. */
export const BAND = 131_072;

/** Whether a convolution is of the kind that goes by tiles of 2 × 2 outputs: 3 × 3 taps, stride and dilation 1, channels in fours. */
export function goesByTiles(info: backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const isDense = [strideHeight, strideWidth, dilationHeight, dilationWidth].every((step) => step === 1);
  const { inChannels, outChannels } = info;
  const isWide = inChannels % 4 === 0 && outChannels % 4 === 0 && Math.min(inChannels, outChannels) >= 8;
  return filterHeight === 3 && filterWidth === 3 && isDense && isWide;
}

/** A stack of images, its first byte and the size of each. */
export interface Images {
  readonly at: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Convolution of `count` images, with the filter turned round where `isFlipped`; the source begins at `origin` of the padded image. With the
 * address of a bias (0: none), max(0, … + bias).
 */
export function convolveByTiles(
  memory: WasmMemory,
  count: number,
  source: Images,
  target: Images,
  origin: readonly [number, number],
  filter: number,
  isFlipped: boolean,
  bias: number,
): void {
  const { nets } = memory;
  const [inputs, outputs] = [source.channels, target.channels];
  const panels = 8 * Math.ceil(outputs / 8) * inputs;
  const tiles = Math.ceil(target.width / 2);
  const rows = rowsOfBand(target.height, tiles, inputs);
  const padded = (rows + 2) * (2 * tiles + 2) * inputs;
  const work = 16 * ((inputs + outputs) * tiles * rowPairs(tiles) + 32);
  memory.scratch(16 * (inputs * outputs + panels) + padded + work, (transformed) => {
    const packed = transformed + 64 * inputs * outputs;
    const image = packed + 64 * panels;
    const free = image + 4 * padded;
    // The filter as it is stored has inputs and outputs of the forward convolution.
    const [stored, other] = isFlipped ? [outputs, inputs] : [inputs, outputs];
    nets.transformFilter(stored, other, isFlipped ? 1 : 0, filter, transformed);
    for (let k = 0; k < 16; k++) {
      nets.packFilter(inputs, outputs, transformed + 4 * k * inputs * outputs, packed + 4 * k * panels);
    }
    for (let i = 0; i < count; i++) {
      for (let row = 0; row < target.height; row += rows) {
        const n = Math.min(rows, target.height - row);
        padBand(memory, source, i, n, row, tiles, origin, image);
        const to = target.at + 4 * (i * target.height + row) * target.width * outputs;
        nets.convolveTiles(
          ...[n, target.width, inputs, outputs, 2 * tiles + 2, rowPairs(tiles)],
          ...[image, packed, bias, to, free],
        );
      }
    }
  });
}

/** Adds the gradient by the filter [3, 3, inputs, outputs] to what lies at `gradient`. */
export function filterGradientByTiles(
  memory: WasmMemory,
  count: number,
  source: Images,
  slopes: Images,
  origin: readonly [number, number],
  gradient: number,
): void {
  const { nets } = memory;
  const [inputs, outputs] = [source.channels, slopes.channels];
  const filled = 8 * Math.ceil(outputs / 8);
  const tiles = Math.ceil(slopes.width / 2);
  const rows = rowsOfBand(slopes.height, tiles, inputs);
  const padded = (rows + 2) * (2 * tiles + 2) * inputs;
  const work = 16 * ((inputs + filled) * tiles * rowPairs(tiles) + 32);
  memory.scratch(16 * inputs * outputs + padded + work, (transformed) => {
    const image = transformed + 64 * inputs * outputs;
    memory.view(transformed, 64 * inputs * outputs).fill(0);
    for (let i = 0; i < count; i++) {
      for (let row = 0; row < slopes.height; row += rows) {
        const n = Math.min(rows, slopes.height - row);
        padBand(memory, source, i, n, row, tiles, origin, image);
        const from = slopes.at + 4 * (i * slopes.height + row) * slopes.width * outputs;
        nets.filterGradientTiles(
          ...[n, slopes.width, inputs, outputs, filled, 2 * tiles + 2, rowPairs(tiles)],
          ...[image, from, transformed, image + 4 * padded],
        );
      }
    }
    nets.collectFilterGradient(inputs * outputs, transformed, gradient);
  });
}

function padBand(
  { nets }: WasmMemory,
  source: Images,
  i: number,
  rows: number,
  row: number,
  tiles: number,
  origin: readonly [number, number],
  image: number,
): void {
  const { height, width, channels } = source;
  nets.padImage(
    ...[height, width, channels, 2 * Math.ceil(rows / 2) + 2, 2 * tiles + 2, channels],
    ...[origin[0] - row, origin[1], 1, 1, source.at + 4 * i * height * width * channels, image],
  );
}

/** Even, so that only the last band may end within a tile. */
function rowsOfBand(height: number, tiles: number, channels: number): number {
  const most = Math.floor(BAND / ((2 * tiles + 2) * channels)) - 2;
  return Math.min(2 * Math.ceil(height / 2), Math.max(2, 2 * Math.floor(most / 2)));
}

/** Rows of tiles to work on at once, 64 tiles or more: products of short matrices would mostly load and store. */
function rowPairs(tiles: number): number {
  return Math.max(1, Math.floor((64 + tiles - 1) / tiles));
}
