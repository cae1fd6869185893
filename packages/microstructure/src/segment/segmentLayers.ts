import { createRaster, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { gaussianBlur, layerPath } from "../kernels/index.ts";
import { estimateNoise } from "./estimateNoise.ts";
import { profileShareBands } from "./profileShares.ts";
import { requireGrey } from "./requireGrey.ts";
import { splitProfile } from "./splitProfile.ts";

export interface SegmentLayersOptions {
  /** How the layers run. @defaultValue "auto", the direction along which grey changes less */
  readonly direction?: "horizontal" | "vertical" | "auto" | undefined;
  /** Number of layers, 2 … 12. @defaultValue as many as the profile across them shows */
  readonly nLayers?: number | undefined;
  /** Steepest slope of an interface, px per px: whole, 1 … 8. @defaultValue 2 */
  readonly maxSlope?: number | undefined;
}

export interface LayerSegmentation {
  /** Layers 1 … n from top to bottom, or from left to right. */
  readonly labels: LabelMap;
  readonly nLayers: number;
  readonly direction: "horizontal" | "vertical";
  /** Position of the interface below (right of) each layer but the last, per column (row): first pixel of the next layer. */
  readonly interfaces: readonly Int32Array[];
  readonly diagnostics: {
    /** Median grey of each layer. */
    readonly greys: readonly number[];
    /** Share of the variance of grey that the profile across the layers explains, 0 … 1. */
    readonly profileShare: number;
    readonly noise: number;
    /** Steps between neighbouring layers over the spread of grey inside them; below 1, an interface is hardly more than texture. */
    readonly steps: readonly number[];
  };
}

/**
 * Cuts an image into bands, one above the other or side by side, along interfaces that may wave and tilt (coatings, scales,
 * claddings, laminates).
 *
 * The median profile across the bands is cut into pieces of constant grey by optimal partitioning; a cut stays when it
 * explains at least 2 % of the profile's variance. Then each interface is the cheapest way across the image (dynamic programming): pixels on
 * either side cost their squared distance to the median grey of their layer, clipped at the step between the layers so that pores
 * and inclusions do not pull, and a slope costs too. Medians and interfaces are computed in turn, three times.
 *
 * @param grey - one channel, finite, at least 16 × 16 px
 * @throws DomainError for options out of range, or where the profile shows no layers
 * @throws ShapeError for more than one channel or a smaller image
 * @example
 * const { labels } = segmentLayers(grey, { nLayers: 3 });
 * const { inUm } = layerThickness(labels, { label: 2 });
 */
export function segmentLayers(grey: Raster<Float32Array>, options: SegmentLayersOptions = {}): LayerSegmentation {
  requireGrey("segmentLayers", grey, 16);
  const { nLayers } = options;
  const maxSlope = options.maxSlope ?? 2;
  if (nLayers !== undefined && !(Number.isInteger(nLayers) && nLayers >= 2 && nLayers <= 12)) {
    throw new DomainError(`segmentLayers: nLayers must be a whole number of 2 … 12, got ${nLayers}`);
  }
  if (!(Number.isInteger(maxSlope) && maxSlope >= 1 && maxSlope <= 8)) {
    throw new DomainError(`segmentLayers: maxSlope must be a whole number of 1 … 8, got ${maxSlope}`);
  }
  const across = profileShareBands(
    bandSpace(grey.width, grey.height),
    memoryStore("float32", grey.width, grey.height, grey.data),
  );
  const direction =
    options.direction === undefined || options.direction === "auto"
      ? across.horizontal >= across.vertical
        ? "horizontal"
        : "vertical"
      : options.direction;
  const upright = direction === "horizontal" ? grey : transposed(grey);
  const { width, height } = upright;
  const size = width * height;
  const smooth = new Float32Array(size);
  gaussianBlur(width, height, upright.data, 1, new Float32Array(size), smooth);
  const profile = medianProfile(width, height, smooth);
  const cuts = splitProfile(profile, nLayers);
  if (cuts.length === 0) {
    throw new DomainError(
      "segmentLayers: the profile across the image shows no layers (no step explains 2 % of its variance); give nLayers, or the other direction",
    );
  }
  const interfaces = cuts.map((y) => new Int32Array(width).fill(y));
  let greys = layerGreys(width, height, smooth, interfaces);
  const scratch = { cost: new Float32Array(size), total: new Float64Array(size), from: new Int32Array(size) };
  for (let round = 0; round < 3; round++) {
    for (const k of interfaces.keys()) placeInterface(width, height, smooth, interfaces, k, greys, maxSlope, scratch);
    greys = layerGreys(width, height, smooth, interfaces);
  }
  const labels = new Uint32Array(size);
  for (let x = 0; x < width; x++) {
    for (let y = 0, k = 0; y < height; y++) {
      while (k < interfaces.length && y >= interfaces[k]![x]!) k++; // k < length
      labels[y * width + x] = k + 1;
    }
  }
  const map = createRaster(labels, width, height, { pixelSizeUm: grey.pixelSizeUm });
  return {
    labels: direction === "horizontal" ? map : transposed(map),
    nLayers: interfaces.length + 1,
    direction,
    interfaces,
    diagnostics: {
      greys: greys.map(({ median }) => median),
      profileShare: across[direction],
      noise: estimateNoise(grey),
      steps: interfaces.map((_, k) => {
        const a = greys[k]!; // one more than interfaces
        const b = greys[k + 1]!;
        return Math.abs(a.median - b.median) / Math.max(1e-6, Math.min(a.spread, b.spread));
      }),
    },
  };
}

function medianProfile(width: number, height: number, values: Float32Array): Float64Array {
  return Float64Array.from({ length: height }, (_, y) => {
    const row = values.slice(y * width, (y + 1) * width).sort();
    return row[width >> 1]!; // inside the row
  });
}

interface LayerGrey {
  readonly median: number;
  /** 1.4826 · median absolute deviation. */
  readonly spread: number;
}

function layerGreys(
  width: number,
  height: number,
  values: Float32Array,
  interfaces: readonly Int32Array[],
): LayerGrey[] {
  const step = Math.max(1, Math.floor((width * height) / 200_000));
  return Array.from({ length: interfaces.length + 1 }, (_, k) => {
    const found: number[] = [];
    for (let x = 0; x < width; x += step) {
      const from = k === 0 ? 0 : interfaces[k - 1]![x]!; // as wide as the image
      const to = k === interfaces.length ? height : interfaces[k]![x]!;
      for (let y = from; y < to; y++) found.push(values[y * width + x]!);
    }
    const sorted = Float64Array.from(found).sort();
    const median = sorted[sorted.length >> 1] ?? 0;
    const away = sorted.map((value) => Math.abs(value - median)).sort();
    return { median, spread: 1.4826 * (away[away.length >> 1] ?? 0) };
  });
}

function placeInterface(
  width: number,
  height: number,
  values: Float32Array,
  interfaces: readonly Int32Array[],
  k: number,
  greys: readonly LayerGrey[],
  maxSlope: number,
  scratch: { readonly cost: Float32Array; readonly total: Float64Array; readonly from: Int32Array },
): void {
  const above = greys[k]!.median; // one more grey than interfaces
  const below = greys[k + 1]!.median;
  const clip = Math.max(1e-8, (above - below) ** 2);
  const least = new Int32Array(width);
  const most = new Int32Array(width);
  for (let x = 0; x < width; x++) {
    least[x] = k === 0 ? 1 : interfaces[k - 1]![x]! + 1;
    most[x] = k === interfaces.length - 1 ? height - 1 : interfaces[k + 1]![x]! - 1;
    if (least[x]! > most[x]!) least[x] = most[x]!;
    let sum = 0;
    // Cost of an interface at y: pixels before it belong above, the others below.
    for (let y = 0; y < height; y++) {
      scratch.cost[y * width + x] = sum / clip;
      const value = values[y * width + x]!; // inside the image
      const isBetween = y >= least[x]! - 1 && y <= most[x]!;
      if (isBetween) sum += Math.min(clip, (value - above) ** 2) - Math.min(clip, (value - below) ** 2);
    }
  }
  layerPath(
    width,
    height,
    scratch.cost,
    least,
    most,
    maxSlope,
    SLOPE_COST,
    scratch.total,
    scratch.from,
    interfaces[k]!,
  );
}

/** Cost of a step of one pixel, in pixels that lie on the wrong side. */
const SLOPE_COST = 1;

function transposed<T extends Float32Array | Uint32Array>(raster: Raster<T>): Raster<T> {
  const { width, height, data } = raster;
  const out = data.slice() as T;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[x * height + y] = data[y * width + x]!; // inside
  return { ...raster, data: out, width: height, height: width };
}
