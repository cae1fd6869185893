import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { extendLayerPath, traceLayerPath } from "../kernels/index.ts";

export interface LayerGrey {
  readonly median: number;
  /** 1.4826 · median absolute deviation. */
  readonly spread: number;
}

/**
 * Interfaces of layers that lie one above the other, each the cheapest way across the image with the others where they are,
 * and the greys of the layers, in turn, three times.
 *
 * @param space - of the columns: as wide as the image is high
 * @param columns - the image, each row one of its columns
 * @param cuts - where the interfaces are first taken to lie
 * @param maxSlope - px per px
 */
export function placeInterfaces(
  space: BandSpace,
  columns: RowReader<Float32Array>,
  cuts: readonly number[],
  maxSlope: number,
): { readonly interfaces: readonly Int32Array[]; readonly greys: readonly LayerGrey[] } {
  const interfaces = cuts.map((y) => new Int32Array(space.height).fill(y));
  const sample = sampleColumns(columns);
  const steps = space.store("uint8");
  let greys = layerGreys(sample, interfaces);
  for (let round = 0; round < 3; round++) {
    for (const k of interfaces.keys()) placeInterface(space, columns, interfaces, k, greys, maxSlope, steps);
    greys = layerGreys(sample, interfaces);
  }
  steps.close();
  return { interfaces, greys };
}

interface ColumnSample {
  readonly height: number;
  /** Every how many-th column. */
  readonly step: number;
  readonly values: Float32Array;
}

/** Whole columns, about 200 000 pixels. */
function sampleColumns(columns: RowReader<Float32Array>): ColumnSample {
  const { width: height, height: width } = columns;
  const step = Math.max(1, Math.floor((width * height) / 200_000));
  const values = new Float32Array(Math.ceil(width / step) * height);
  for (let x = 0, at = 0; x < width; x += step, at += height) values.set(columns.read(x, x + 1), at);
  return { height, step, values };
}

function layerGreys({ height, step, values }: ColumnSample, interfaces: readonly Int32Array[]): LayerGrey[] {
  const found = new Float32Array(values.length);
  return Array.from({ length: interfaces.length + 1 }, (_, k) => {
    let n = 0;
    for (let x = 0, at = 0; at < values.length; x += step, at += height) {
      const from = k === 0 ? 0 : interfaces[k - 1]![x]!; // as long as the image is wide
      const to = k === interfaces.length ? height : interfaces[k]![x]!;
      found.set(values.subarray(at + from, at + to), n);
      n += to - from;
    }
    const sorted = found.subarray(0, n).sort();
    const median = sorted[n >> 1] ?? 0;
    const away = Float64Array.from(sorted, (value) => Math.abs(value - median)).sort();
    return { median, spread: 1.4826 * (away[n >> 1] ?? 0) };
  });
}

function placeInterface(
  space: BandSpace,
  columns: RowReader<Float32Array>,
  interfaces: readonly Int32Array[],
  k: number,
  greys: readonly LayerGrey[],
  maxSlope: number,
  steps: RowStore<Uint8Array>,
): void {
  const { width: height, height: width } = space;
  const above = greys[k]!.median; // one more grey than interfaces
  const below = greys[k + 1]!.median;
  const clip = Math.max(1e-8, (above - below) ** 2);
  const line = interfaces[k]!;
  const least = interfaces[k - 1]?.map((y) => y + 1) ?? new Int32Array(width).fill(1);
  const most = interfaces[k + 1]?.map((y) => y - 1) ?? new Int32Array(width).fill(height - 1);
  const total = new Float64Array(height + 2 * maxSlope).fill(Infinity);
  const next = new Float64Array(height);
  for (const { from, to } of space.bands(0)) {
    const values = columns.read(from, to);
    const taken = steps.read(from, to);
    extendLayerPath(
      height,
      from,
      to - from,
      values,
      least,
      most,
      above,
      below,
      clip,
      maxSlope,
      SLOPE_COST,
      total,
      next,
      taken,
    );
    steps.write(from, taken);
  }
  let end = least[width - 1]!; // inside the image, as are its bounds
  for (let y = end; y <= most[width - 1]!; y++) if (total[y + maxSlope]! < total[end + maxSlope]!) end = y;
  for (const { from, to } of space.bands(0).reverse()) {
    end = traceLayerPath(height, from, to - from, steps.read(from, to), maxSlope, end, line);
  }
}

/** Cost of a step of one pixel, in pixels that lie on the wrong side. */
const SLOPE_COST = 1;
