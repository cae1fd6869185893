import { DataError, DomainError, type Raster } from "@materiome/core";
import { distanceTransformSquared } from "../kernels/index.ts";
import { requireBinary } from "./phaseIndicator.ts";

export interface GranulometryOptions {
  /** Radii of the discs, px, rising. @defaultValue whole numbers to 16, then in steps of 2^¼, to the largest disc that fits */
  readonly radiiPx?: readonly number[] | undefined;
}

export interface Granulometry {
  readonly radiusPx: Float64Array;
  /** Share of the phase that is left after opening by the disc. */
  readonly remaining: Float64Array;
  /** Pattern spectrum: share of the phase that is lost between the radius before (0 at first) and this one. */
  readonly spectrum: Float64Array;
  /** Share that no opening removed; 0 with the default radii. */
  readonly beyond: number;
  /** Mean and standard deviation of the opening radius over the area, px, each loss at the middle of its two radii; undefined where `beyond` is not 0. */
  readonly meanRadiusPx: number | undefined;
  readonly standardDeviationPx: number | undefined;
}

/**
 * Granulometry of a phase: openings by Euclidean discs (all pixels within r of the centre) of rising radius, whose losses are a
 * size distribution by area that needs no separate particles. By two exact distance transforms a radius. The border of the image
 * neither erodes nor holds: the phase is taken to go on beyond it.
 *
 * @param phase - binary, whole numbers, not 0 inside
 * @throws ShapeError for more than one channel; DomainError for grey images or radii that do not rise; DataError where the
 * phase is empty or fills the image, which has no largest disc
 * @see G. Matheron, Random Sets and Integral Geometry (1975); P. Maragos, doi:10.1109/34.192465 (pattern spectrum)
 * @example
 * const { meanRadiusPx } = granulometry(phase);
 */
export function granulometry(phase: Raster, options: GranulometryOptions = {}): Granulometry {
  const who = "granulometry";
  const { width, height } = phase;
  const data = requireBinary(who, "phase", phase);
  const area = data.reduce((a, b) => a + b, 0);
  if (area === 0 || area === data.length) {
    throw new DataError(
      `${who}: the phase ${area === 0 ? "is empty" : "fills the image"}; there are no sizes to measure`,
    );
  }
  const depth = new Float32Array(data.length);
  distanceTransformSquared(
    width,
    height,
    data.map((value) => 1 - value),
    depth,
  );
  const radiusPx = Float64Array.from(
    options.radiiPx ?? defaultRadii(Math.sqrt(depth.reduce((a, b) => Math.max(a, b), 0))),
  );
  for (const [k, radius] of radiusPx.entries()) {
    if (!(Number.isFinite(radius) && radius > (k === 0 ? 0 : radiusPx[k - 1]!))) {
      throw new DomainError(`${who}: radiiPx must be positive and rising, got ${radius} at ${k}`);
    }
  }
  const core = new Uint8Array(data.length);
  const distance = new Float32Array(data.length);
  const remaining = radiusPx.map((radius) => {
    const squared = radius * radius;
    for (let i = 0; i < core.length; i++) core[i] = depth[i]! > squared ? 1 : 0; // arrays of one length
    distanceTransformSquared(width, height, core, distance);
    let left = 0;
    for (let i = 0; i < core.length; i++) if (distance[i]! <= squared) left++;
    return left / area;
  });
  const spectrum = remaining.map((share, k) => (k === 0 ? 1 : remaining[k - 1]!) - share);
  const beyond = remaining.at(-1) ?? 1;
  const middles = radiusPx.map((radius, k) => (radius + (k === 0 ? 0 : radiusPx[k - 1]!)) / 2);
  const mean = spectrum.reduce((sum, share, k) => sum + share * middles[k]!, 0);
  const variance = spectrum.reduce((sum, share, k) => sum + share * (middles[k]! - mean) ** 2, 0);
  const isWhole = beyond === 0;
  return {
    radiusPx,
    remaining,
    spectrum,
    beyond,
    meanRadiusPx: isWhole ? mean : undefined,
    standardDeviationPx: isWhole ? Math.sqrt(variance) : undefined,
  };
}

/** The last one opens everything: no pixel is deeper. */
function defaultRadii(deepest: number): readonly number[] {
  const radii: number[] = [];
  for (let radius = 1; radii.length === 0 || radii.at(-1)! < deepest; ) {
    radii.push(radius);
    radius = radius < 16 ? radius + 1 : Math.ceil(radius * 2 ** 0.25);
  }
  return radii;
}
