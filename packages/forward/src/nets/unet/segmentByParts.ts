import { predictionFloats } from "./unetPredict.ts";
import { haloOf, type UNetSpec } from "./unetSpec.ts";

/** For what lies between the input and the output of a network. */
const PART_BYTES = 3 * 2 ** 27;

/** Those of all layers that are kept at once, and copies of input and output. */
function bytesPerPixel(spec: UNetSpec): number {
  return 4 * (predictionFloats(spec) + 2 * (spec.channels + spec.outputs));
}

/** Edge of the parts that an image is cut into, halo included. */
export function partSide(spec: UNetSpec, bytes: number = PART_BYTES): number {
  const coarsest = 2 ** (spec.filters.length - 1);
  const fits = coarsest * Math.floor(Math.sqrt(bytes / bytesPerPixel(spec)) / coarsest);
  return Math.max(fits, 3 * haloOf(spec)); // at least a ninth of the work is for pixels that are kept
}

/**
 * Outputs of an image in parts with their halo, as `compute` gives them for a part: those of the whole image, in a bounded memory.
 *
 * @param x - [height, width, channels]
 * @param compute - outputs [height, width, outputs] of a part
 */
export async function segmentByParts(
  spec: UNetSpec,
  x: Float32Array,
  width: number,
  height: number,
  compute: (x: Float32Array, width: number, height: number) => Promise<Float32Array>,
  side: number = partSide(spec),
): Promise<Float32Array> {
  if (width <= side && height <= side) return compute(x, width, height);
  const out = new Float32Array(width * height * spec.outputs);
  const halo = haloOf(spec);
  for (const y of spans(height, side, halo)) {
    for (const column of spans(width, side, halo)) {
      const [w, h] = [column.readTo - column.readFrom, y.readTo - y.readFrom];
      const part = new Float32Array(w * h * spec.channels);
      copyRows(x, width, column.readFrom, y.readFrom, part, w, 0, 0, w, h, spec.channels);
      const found = await compute(part, w, h);
      const [left, top] = [column.from - column.readFrom, y.from - y.readFrom];
      const [kept, rows] = [column.to - column.from, y.to - y.from];
      copyRows(found, w, left, top, out, width, column.from, y.from, kept, rows, spec.outputs);
    }
  }
  return out;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly readFrom: number;
  readonly readTo: number;
}

/** Side and halo are multiples of the coarsest pixel, and so is where each span begins. */
function spans(length: number, side: number, halo: number): Span[] {
  if (length <= side) return [{ from: 0, to: length, readFrom: 0, readTo: length }];
  const step = side - 2 * halo;
  return Array.from({ length: Math.ceil(length / step) }, (_, k) => {
    const to = Math.min(length, (k + 1) * step);
    return { from: k * step, to, readFrom: Math.max(0, k * step - halo), readTo: Math.min(length, to + halo) };
  });
}

function copyRows(
  source: Float32Array,
  sourceWidth: number,
  sx: number,
  sy: number,
  target: Float32Array,
  targetWidth: number,
  tx: number,
  ty: number,
  width: number,
  height: number,
  channels: number,
): void {
  for (let y = 0; y < height; y++) {
    const from = ((sy + y) * sourceWidth + sx) * channels;
    target.set(source.subarray(from, from + width * channels), ((ty + y) * targetWidth + tx) * channels);
  }
}
