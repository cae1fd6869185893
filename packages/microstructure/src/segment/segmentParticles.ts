import { DomainError, type LabelMap, type Raster } from "@materiome/core";
import { connectedComponents, diffuseChannels, hysteresis } from "../kernels/index.ts";
import { estimateNoise } from "./estimateNoise.ts";
import { flattenPhases } from "./flattenPhases.ts";
import { type ParticleSizeOptions, particleLabels } from "./particleLabels.ts";
import { requireGrey } from "./requireGrey.ts";
import { splitPhases, type TwoPhases } from "./splitPhases.ts";

export interface SegmentParticlesOptions extends ParticleSizeOptions {
  /** Whether particles are brighter or darker than the matrix. @defaultValue "auto" */
  readonly polarity?: "bright" | "dark" | "auto" | undefined;
  /** Grey that separates the phases, of the flattened image. @defaultValue half-way between the phases, measured */
  readonly threshold?: number | undefined;
  /** Whether uneven illumination is divided out first. @defaultValue true */
  readonly flatten?: boolean | undefined;
}

export interface ParticleSegmentation {
  /** Particles 1 … n; 0 is the matrix. */
  readonly labels: LabelMap;
  readonly nParticles: number;
  readonly polarity: "bright" | "dark";
  /** Share of the image that particles cover. */
  readonly areaFraction: number;
  readonly diagnostics: {
    /** Of the flattened image. */
    readonly threshold: number;
    /** Grey of the matrix and of the particles, medians. */
    readonly matrixGrey: number;
    readonly particleGrey: number;
    /** Standard deviation of the pixel noise, full scale 1. */
    readonly noise: number;
    /** Difference of the phases' greys over the root of their mean variance; below 2.5 phases overlap. */
    readonly separation: number;
    /** Parts outside the limits of area. */
    readonly nDropped: number;
  };
}

/**
 * Finds particles of a second phase, brighter or darker than the matrix around them, touching ones split.
 *
 * Stages: illumination divided out phase by phase (`flattenPhases`); noise smoothed without moving edges (nonlinear diffusion,
 * edge scale between noise and contrast); threshold half-way between the median greys of the two phases, started from several
 * places of the histogram so that a few per cent of particles are found as well as half and half; hysteresis, so that a
 * particle has at least one pixel well inside its phase; holes filled; touching ones cut at their necks; limits of area.
 *
 * Polarity "auto": the matrix is the phase that hangs together; where both do or neither, the rarer phase is the particles.
 *
 * @param grey - one channel, finite, at least 16 × 16 px
 * @throws DomainError for a uniform image, options out of range, µm limits without calibration
 * @throws ShapeError for more than one channel or a smaller image
 * @example
 * const { labels, areaFraction } = segmentParticles(grey, { minAreaPx: 20 });
 */
export function segmentParticles(
  grey: Raster<Float32Array>,
  options: SegmentParticlesOptions = {},
): ParticleSegmentation {
  requireGrey("segmentParticles", grey, 16);
  const { width, height } = grey;
  const size = width * height;
  const flat = (options.flatten ?? true) ? flattenPhases(grey) : grey;
  const noise = estimateNoise(flat);
  const first = splitPhases(flat.data, options.threshold);
  if (first === undefined) {
    throw new DomainError("segmentParticles: the image is uniform, there are no two phases to separate");
  }
  const values = flat.data.slice();
  const contrast = first.high - first.low;
  if (noise > contrast / 100) {
    const edge = Math.max(2.5 * noise, contrast / 6);
    diffuseChannels(width, height, 1, edge, noise > contrast / 12 ? 12 : 5, values, new Float32Array(size));
  }
  const phases = splitPhases(values, options.threshold) ?? first;
  const polarity =
    options.polarity === undefined || options.polarity === "auto"
      ? matrixIs(width, height, values, phases)
      : options.polarity;
  const sign = polarity === "bright" ? 1 : -1;
  const inside = values.map((value) => sign * (value - phases.threshold) + SURE * (phases.high - phases.low));
  const mask = new Uint8Array(size);
  hysteresis(width, height, inside, SURE * (phases.high - phases.low), 2 * SURE * (phases.high - phases.low), mask);
  const { labels, n, nDropped } = particleLabels("segmentParticles", grey, mask, options);
  let covered = 0;
  for (const label of labels.data) if (label !== 0) covered++;
  return {
    labels,
    nParticles: n,
    polarity,
    areaFraction: covered / size,
    diagnostics: {
      threshold: phases.threshold,
      matrixGrey: polarity === "bright" ? phases.low : phases.high,
      particleGrey: polarity === "bright" ? phases.high : phases.low,
      noise,
      separation: phases.separation,
      nDropped,
    },
  };
}

/** How far beyond the threshold one pixel of a particle must lie, as a share of the contrast. */
const SURE = 0.15;

function matrixIs(width: number, height: number, values: Float32Array, phases: TwoPhases): "bright" | "dark" {
  const connection = (isHigh: boolean): number => {
    const mask = new Uint8Array(values.length);
    for (let i = 0; i < mask.length; i++) mask[i] = values[i]! > phases.threshold === isHigh ? 1 : 0; // of one length
    const parts = new Uint32Array(mask.length);
    const area = new Float64Array(connectedComponents(width, height, mask, 4, parts) + 1);
    let all = 0;
    for (const part of parts) {
      if (part === 0) continue;
      area[part]! += 1; // parts are 1 … n
      all++;
    }
    return area.reduce((most, a) => Math.max(most, a), 0) / Math.max(1, all);
  };
  const high = connection(true);
  const low = connection(false);
  if (Math.abs(high - low) > 0.25) return high > low ? "dark" : "bright";
  return phases.highShare > 0.5 ? "dark" : "bright";
}
