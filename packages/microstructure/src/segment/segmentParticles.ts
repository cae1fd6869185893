import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import type { ParticleSizeOptions } from "./particleLabels.ts";
import { segmentParticleBands } from "./segmentParticleBands.ts";

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
  const { width, height, channels, data, pixelSizeUm } = grey;
  if (channels !== 1) throw new ShapeError(`segmentParticles: needs one channel, got ${channels}`);
  const source = memoryStore("float32", width, height, data);
  const found = segmentParticleBands(bandSpace(width, height), source, { ...options, pixelSizeUm });
  return { ...found, labels: createRaster(found.labels.read(0, height), width, height, { pixelSizeUm }) };
}
