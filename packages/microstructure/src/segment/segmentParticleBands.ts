import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { diffuseBands } from "../bands/diffuseBands.ts";
import { hysteresisBands } from "../bands/hysteresisBands.ts";
import { labelBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { noiseOfRows } from "./estimateNoise.ts";
import { flattenPhaseBands } from "./flattenPhases.ts";
import { type BandSizeOptions, checkSizes, particleLabels } from "./particleLabels.ts";
import { requireRows } from "./requireRows.ts";
import type { ParticleSegmentation, SegmentParticlesOptions } from "./segmentParticles.ts";
import { splitPhaseBands, type TwoPhases } from "./splitPhases.ts";

export type SegmentParticleBandsOptions = SegmentParticlesOptions & BandSizeOptions;

export interface SegmentedParticleBands extends Omit<ParticleSegmentation, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `segmentParticles`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever the
 * bands.
 *
 * @param grey - finite values, at least 16 × 16 px
 * @throws DomainError, ShapeError as `segmentParticles` does
 */
export function segmentParticleBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: SegmentParticleBandsOptions = {},
): SegmentedParticleBands {
  const sizes = checkSizes("segmentParticles", options);
  requireRows("segmentParticles", space, [grey], 16);
  const { threshold } = options;
  const flat = (options.flatten ?? true) ? space.store("float32") : undefined;
  if (flat !== undefined) flattenPhaseBands(space, grey, flat);
  const noise = noiseOfRows(flat ?? grey);
  const first = splitPhaseBands(space, flat ?? grey, threshold);
  if (first === undefined) {
    throw new DomainError("segmentParticles: the image is uniform, there are no two phases to separate");
  }
  const contrast = first.high - first.low;
  let smooth = flat;
  if (noise > contrast / 100) {
    smooth = space.store("float32");
    const edge = Math.max(2.5 * noise, contrast / 6);
    diffuseBands(space, flat ?? grey, edge, noise > contrast / 12 ? 12 : 5, smooth);
    flat?.close();
  }
  const values = smooth ?? grey;
  const phases = splitPhaseBands(space, values, threshold) ?? first;
  const polarity =
    options.polarity === undefined || options.polarity === "auto" ? matrixIs(space, values, phases) : options.polarity;
  const sign = polarity === "bright" ? 1 : -1;
  const sure = SURE * (phases.high - phases.low);
  const inside = mapRows(values, (rows) => rows.map((value) => sign * (value - phases.threshold) + sure));
  const mask = space.store("uint8");
  hysteresisBands(space, inside, sure, 2 * sure, mask);
  smooth?.close();
  const { labels, n, nDropped, areaFraction } = particleLabels(space, mask, sizes);
  return {
    labels,
    nParticles: n,
    polarity,
    areaFraction,
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

/** Polarity of the particles: the matrix is the phase that hangs together. */
function matrixIs(space: BandSpace, values: RowReader<Float32Array>, phases: TwoPhases): "bright" | "dark" {
  const parts = space.store("uint32");
  const connection = (isHigh: boolean): number => {
    const phase = mapRows(values, (rows) => {
      const mask = new Uint8Array(rows.length);
      for (let i = 0; i < mask.length; i++) mask[i] = rows[i]! > phases.threshold === isHigh ? 1 : 0; // same length
      return mask;
    });
    const { n, regionOf } = labelBands(space, phase, 4, parts);
    const area = new Float64Array(n + 1);
    let all = 0;
    for (const { from, to } of space.bands(0)) {
      for (const part of parts.read(from, to)) {
        if (part === 0) continue;
        area[regionOf[part]!]! += 1; // parts are below the length of regionOf, regions 1 … n
        all++;
      }
    }
    return area.reduce((most, a) => Math.max(most, a), 0) / Math.max(1, all);
  };
  const high = connection(true);
  const low = connection(false);
  parts.close();
  if (Math.abs(high - low) > 0.25) return high > low ? "dark" : "bright";
  return phases.highShare > 0.5 ? "dark" : "bright";
}
