import { createRandom, createRaster, type LabelMap } from "@materiome/core";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { TiffRowWriter } from "@materiome/microstructure/mosaic";
import { growStart, magnifyLabels, NOISE_LEVELS, renderMicrograph } from "@materiome/microstructure/synthesis";

export interface MosaicTruth {
  readonly meanInterceptUm: number;
}

/** Lattice of the grain-growth structure that repeats over the mosaic, sites, and pixels per site. */
const LATTICE = 256;
const FACTOR = 4;
const TILE = LATTICE * FACTOR;
/** Pixels rendered beyond a tile, more than optics and grooves reach. */
const MARGIN = 8 * FACTOR;

/**
 * Renders a mosaic strip by strip to an 8-bit TIFF: a structure grown on a torus, rendered once without noise, repeats over
 * the picture without a seam; uneven light over the whole picture and the noise of the camera, different everywhere, lie on it.
 */
export async function renderMosaic(path: string, size: number, pixelSizeUm: number): Promise<MosaicTruth> {
  const random = createRandom(1).fork("mosaic");
  const { grains } = growStart({ width: LATTICE, height: LATTICE, meanInterceptSites: 8 }, random.fork("structure"));
  const { labels, truth } = periodicLabels(grains);
  const clean = renderMicrograph(
    labels,
    { shading: 0, noise: { photonsAtWhite: Number.MAX_VALUE, readStd: 0 } },
    random.fork("look"),
  );
  const { photonsAtWhite, readStd } = NOISE_LEVELS.medium;
  const writer = new TiffRowWriter(path, { width: size, height: size, bits: 8, largest: 255, pixelSizeUm });
  const light = (u: number): number => 1 - 0.24 * (u - 0.4) ** 2;
  for (let top = 0; top < size; top += writer.rowsPerStrip) {
    const nRows = Math.min(writer.rowsPerStrip, size - top);
    const rows = new Uint8Array(nRows * size);
    const noise = random.fork("noise").fork(top);
    for (let y = top; y < top + nRows; y++) {
      const from = (MARGIN + (y % TILE)) * labels.width + MARGIN;
      for (let x = 0; x < size; x++) {
        const signal = clean.data[from + (x % TILE)]! * light(x / size) * light(y / size); // inside the tile
        const std = Math.sqrt(signal / photonsAtWhite + readStd * readStd);
        rows[(y - top) * size + x] = Math.round(255 * Math.min(1, Math.max(0, signal + std * noise.normal())));
      }
    }
    writer.write(rows);
  }
  writer.finish();
  return { meanInterceptUm: truth * pixelSizeUm };
}

/**
 * The torus magnified, with a margin of its own continuation on each side. Each grain has one number on both sides of a seam,
 * so that it has one grey there.
 */
function periodicLabels(grains: LabelMap): { readonly labels: LabelMap; readonly truth: number } {
  const margin = MARGIN / FACTOR;
  const side = LATTICE + 2 * margin;
  const wrapped = Uint32Array.from({ length: side * side }, (_, i) => {
    const x = ((i % side) - margin + LATTICE) % LATTICE;
    const y = (Math.floor(i / side) - margin + LATTICE) % LATTICE;
    return grains.data[y * LATTICE + x]!; // on the torus
  });
  const fine = magnifyLabels(createRaster(wrapped, side, side), FACTOR);
  const { data, width, height } = fine;
  // Grain of each region: the one that most of its pixels lie on (majority vote of Boyer and Moore).
  const nRegions = data.reduce((largest, label) => Math.max(largest, label), 0);
  const grainOf = new Uint32Array(nRegions + 1);
  const lead = new Int32Array(nRegions + 1);
  for (let i = 0; i < data.length; i++) {
    const region = data[i]!; // 1 … nRegions
    const grain = wrapped[Math.floor(Math.floor(i / width) / FACTOR) * side + Math.floor((i % width) / FACTOR)]!;
    if (lead[region] === 0) grainOf[region] = grain;
    lead[region]! += grainOf[region] === grain ? 1 : -1;
  }
  const labels = createRaster(
    data.map((region) => grainOf[region]!),
    width,
    height,
  );
  const tile = new Uint32Array(TILE * TILE);
  for (let y = 0; y < TILE; y++) {
    const from = (MARGIN + y) * width + MARGIN;
    tile.set(labels.data.subarray(from, from + TILE), y * TILE);
  }
  return { labels, truth: interceptGrainSize(createRaster(tile, TILE, TILE)).meanInterceptPx };
}
