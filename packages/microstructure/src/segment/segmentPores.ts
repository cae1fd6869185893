import { DomainError, type LabelMap, type Raster } from "@materiome/core";
import { connectedComponents, gaussianBlur, reconstruct } from "../kernels/index.ts";
import { estimateNoise } from "./estimateNoise.ts";
import { otsuOf } from "./otsuOf.ts";
import { type ParticleSizeOptions, particleLabels } from "./particleLabels.ts";
import { requireGrey } from "./requireGrey.ts";

/** Size options as for particles, but holes stay open (a bright core is no pore) and nothing is split unless asked. */
export interface SegmentPoresOptions extends ParticleSizeOptions {
  /** Least drop of grey from its rim to its darkest pixel, full scale 1. @defaultValue from the image: see `segmentPores` */
  readonly minDepth?: number | undefined;
  /** Share of its depth at which a pore ends, 0 … 1. @defaultValue 0.5, the middle of a blurred edge */
  readonly edgeLevel?: number | undefined;
}

export interface PoreSegmentation {
  /** Pores 1 … n; 0 is the solid. */
  readonly labels: LabelMap;
  readonly nPores: number;
  /** Share of the image that pores cover. */
  readonly areaFraction: number;
  readonly diagnostics: {
    /** Depth from which a basin counts as a pore, full scale 1. */
    readonly minDepth: number;
    readonly noise: number;
    /** Basins that were too shallow. */
    readonly nShallow: number;
    readonly nDropped: number;
  };
}

/**
 * Finds pores: dark basins enclosed by brighter solid, each measured against its own rim, so that pores in a dark phase and in
 * a bright one are found in the same image.
 *
 * The image, lightly smoothed, is taken as a relief and its basins are filled to where they overflow (grey reconstruction by
 * erosion). A basin is a pore when it is deep enough: at least six standard deviations of the smoothed noise, and half of Otsu's threshold
 * of all depths above that. It ends at half its own depth. On the image border the relief drains at the median grey of the
 * neighbouring border pixels, so that pores cut by the border are found.
 *
 * @param grey - one channel, finite, at least 16 × 16 px
 * @throws DomainError for options out of range, µm limits without calibration
 * @throws ShapeError for more than one channel or a smaller image
 * @example
 * const { nPores, areaFraction } = segmentPores(grey, { minAreaPx: 12 });
 */
export function segmentPores(grey: Raster<Float32Array>, options: SegmentPoresOptions = {}): PoreSegmentation {
  requireGrey("segmentPores", grey, 16);
  const edgeLevel = options.edgeLevel ?? 0.5;
  if (!(edgeLevel > 0 && edgeLevel < 1)) {
    throw new DomainError(`segmentPores: edgeLevel must lie between 0 and 1, got ${edgeLevel}`);
  }
  if (options.minDepth !== undefined && !(options.minDepth > 0)) {
    throw new DomainError(`segmentPores: minDepth must be positive, got ${options.minDepth}`);
  }
  const { width, height } = grey;
  const size = width * height;
  const noise = estimateNoise(grey);
  const smooth = new Float32Array(size);
  gaussianBlur(width, height, grey.data, SIGMA, new Float32Array(size), smooth);
  const depth = basinDepths(width, height, smooth);
  const floor = Math.max(6 * noise * NOISE_GAIN, 1.5 / N_LEVELS);
  const deep = depth.filter((value) => value > floor);
  const minDepth = options.minDepth ?? Math.max(floor, deep.length > 20 ? 0.5 * (otsuOf(deep) ?? 0) : 0);
  const mask = new Uint8Array(size);
  for (let i = 0; i < size; i++) mask[i] = depth[i]! >= edgeLevel * minDepth ? 1 : 0; // i < size
  const basins = new Uint32Array(size);
  const n = connectedComponents(width, height, mask, 8, basins);
  const deepest = new Float32Array(n + 1);
  for (const [i, basin] of basins.entries()) {
    if (basin !== 0 && depth[i]! > deepest[basin]!) deepest[basin] = depth[i]!; // same size; basins are 0 … n
  }
  let nShallow = 0;
  for (let k = 1; k <= n; k++) if (deepest[k]! < minDepth) nShallow++;
  for (const [i, basin] of basins.entries()) {
    const most = deepest[basin]!;
    mask[i] = basin !== 0 && most >= minDepth && depth[i]! >= edgeLevel * most ? 1 : 0;
  }
  const found = particleLabels("segmentPores", grey, mask, {
    ...options,
    fillHoles: options.fillHoles ?? false,
    splitNeck: options.splitNeck ?? 0,
  });
  let covered = 0;
  for (const label of found.labels.data) if (label !== 0) covered++;
  return {
    labels: found.labels,
    nPores: found.n,
    areaFraction: covered / size,
    diagnostics: { minDepth, noise, nShallow, nDropped: found.nDropped },
  };
}

const SIGMA = 0.8;
/** Standard deviation of white noise after the smoothing: 1 / (2 √π σ). */
const NOISE_GAIN = 1 / (2 * Math.sqrt(Math.PI) * SIGMA);
const N_LEVELS = 4096;

/** Depth of every pixel below the level at which its basin overflows: reconstruction by erosion, as by dilation upside down. */
function basinDepths(width: number, height: number, values: Float32Array): Float32Array {
  const top = N_LEVELS - 1;
  const hills = new Uint32Array(values.length);
  for (let i = 0; i < hills.length; i++) hills[i] = Math.round(top * (1 - Math.min(1, Math.max(0, values[i]!)))); // of one length
  const marker = new Uint32Array(hills.length);
  const along = (n: number, at: (k: number) => number): void => {
    const reach = Math.max(8, Math.round(n / 8));
    for (let k = 0; k < n; k++) {
      const near = new Uint32Array(Math.min(n, k + reach + 1) - Math.max(0, k - reach));
      for (let j = 0; j < near.length; j++) near[j] = hills[at(Math.max(0, k - reach) + j)]!; // on the border
      const i = at(k);
      marker[i] = Math.min(hills[i]!, near.sort()[near.length >> 1]!);
    }
  };
  along(width, (k) => k);
  along(width, (k) => (height - 1) * width + k);
  along(height, (k) => k * width);
  along(height, (k) => k * width + width - 1);
  reconstruct(width, height, hills, marker);
  const depth = new Float32Array(hills.length);
  for (let i = 0; i < depth.length; i++) depth[i] = (hills[i]! - marker[i]!) / top; // arrays of one length
  return depth;
}
