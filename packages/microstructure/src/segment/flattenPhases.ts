import type { Raster } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader, type RowStore } from "../bands/rowStore.ts";
import { otsuOfRows } from "./otsuOf.ts";
import { solveNormal } from "./solveNormal.ts";

/** `flattenPhaseBands` of an image in memory. */
export function flattenPhases(grey: Raster<Float32Array>): Raster<Float32Array> {
  const { width, height, data } = grey;
  const flat = new Float32Array(data.length);
  const source = memoryStore("float32", width, height, data);
  flattenPhaseBands(bandSpace(width, height), source, memoryStore("float32", width, height, flat));
  return { ...grey, data: flat };
}

/**
 * Divides out uneven illumination from an image of two phases, whatever their shares: a field
 * q(x, y) = Σ_{i+j ≤ 2} c_ij xⁱ yʲ is fitted to grey over the mean grey of the pixel's own phase, phases by Otsu's threshold of
 * the flattened image, in turn until they agree. A local mean as background would follow large particles.
 *
 * @param grey - values ≥ 0
 * @param out - gets the flattened image; its mean is that of the input
 */
export function flattenPhaseBands(space: BandSpace, grey: RowReader<Float32Array>, out: RowStore<Float32Array>): void {
  const { width, height } = space;
  const size = width * height;
  const target = meanOf(space, grey);
  if (!(target > 0)) {
    for (const { from, to } of space.bands(0)) out.write(from, grey.read(from, to));
    return;
  }
  const apply = (c: Float64Array): void => {
    for (const { from, to } of space.bands(0)) {
      const data = grey.read(from, to);
      const flat = out.read(from, to);
      for (let y = from, i = 0; y < to; y++) {
        const v = (2 * y) / height - 1;
        const c0 = c[0]! + c[2]! * v + c[5]! * v * v; // six coefficients
        const c1 = c[1]! + c[4]! * v;
        for (let x = 0; x < width; x++, i++) {
          const u = (2 * x) / width - 1;
          flat[i] = data[i]! / Math.max(LEAST_FIELD, c0 + (c1 + c[3]! * u) * u); // i < length
        }
      }
      out.write(from, flat);
    }
  };
  apply(fitField(grey, grey, () => target));
  for (let round = 0; round < 4; round++) {
    const threshold = otsuOfRows(space, out);
    if (threshold === undefined) break;
    let sumLow = 0;
    let sumHigh = 0;
    let nHigh = 0;
    for (const { from, to } of space.bands(0)) {
      for (const value of out.read(from, to)) {
        if (value > threshold) {
          sumHigh += value;
          nHigh++;
        } else sumLow += value;
      }
    }
    const low = sumLow / Math.max(1, size - nHigh);
    const high = sumHigh / Math.max(1, nHigh);
    if (!(low > 0)) break;
    apply(fitField(grey, out, (value) => (value > threshold ? high : low)));
  }
  const scale = target / meanOf(space, out);
  for (const { from, to } of space.bands(0)) {
    const flat = out.read(from, to);
    for (let i = 0; i < flat.length; i++) flat[i]! *= scale; // i < length
    out.write(from, flat);
  }
}

/** Light that falls below this share of its mean is not light but the image: bands, a dark half. */
const LEAST_FIELD = 0.4;

/**
 * Coefficients of 1, u, v, u², uv, v² of grey over what `expected` makes of the flattened grey, by least squares over a grid of
 * about 20 000 pixels; u, v = −1 … 1.
 */
function fitField(
  grey: RowReader<Float32Array>,
  flat: RowReader<Float32Array>,
  expected: (value: number) => number,
): Float64Array {
  const { width, height } = grey;
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 20_000)));
  const normal = Array.from({ length: 6 }, () => new Float64Array(7));
  for (let y = step >> 1; y < height; y += step) {
    const v = (2 * y) / height - 1;
    const row = grey.read(y, y + 1).slice(); // the other may be the same
    const flatRow = flat.read(y, y + 1);
    for (let x = step >> 1; x < width; x += step) {
      const u = (2 * x) / width - 1;
      const t = [1, u, v, u * u, u * v, v * v];
      const value = row[x]! / expected(flatRow[x]!); // x < width
      for (let a = 0; a < 6; a++) {
        for (let b = 0; b < 6; b++) normal[a]![b]! += t[a]! * t[b]!; // six by seven, here and below
        normal[a]![6]! += t[a]! * value;
      }
    }
  }
  return solveNormal(normal);
}

function meanOf(space: BandSpace, image: RowReader<Float32Array>): number {
  let sum = 0;
  for (const { from, to } of space.bands(0)) for (const value of image.read(from, to)) sum += value;
  return sum / (space.width * space.height);
}
