import { DomainError, type Raster } from "@materiome/core";
import { LINE_DIRECTIONS, type LineDirection, runsAlong } from "./lineDirections.ts";
import { requireBinary, requireMask } from "./phaseIndicator.ts";

export interface LinealPathOptions {
  /** @defaultValue 0, 45, 90 and 135 */
  readonly directionsDeg?: readonly LineDirection[] | undefined;
  /** Pixels that are known (not 0); segments with an unknown pixel do not count. @defaultValue all */
  readonly mask?: Raster | undefined;
}

export interface LinealPath {
  readonly directionDeg: LineDirection;
  /** Length of the segment between the centres of its first and last pixel: 0, 1, … pixels (times √2 on diagonals). */
  readonly lengthPx: Float64Array;
  /** Probability that the segment lies in the phase with all its pixels. */
  readonly probability: Float64Array;
}

/**
 * Lineal-path function L(ℓ): the share of all segments of length ℓ in a direction, inside the image, that lie wholly in the
 * phase. L(0) is the area fraction. Up to the longest segment that fits into the image.
 *
 * @param phase - binary, whole numbers, not 0 inside
 * @returns one function for each direction
 * @throws ShapeError if the sizes differ; DomainError for grey images and other directions
 * @see B. Lu, S. Torquato, Phys. Rev. A 45, 922 (1992), doi:10.1103/PhysRevA.45.922
 * @example
 * const [horizontal] = linealPath(phase, { directionsDeg: [0] });
 */
export function linealPath(phase: Raster, options: LinealPathOptions = {}): LinealPath[] {
  const who = "linealPath";
  const { directionsDeg = LINE_DIRECTIONS, mask } = options;
  if (directionsDeg.length === 0) throw new DomainError(`${who}: directionsDeg is empty; give at least one direction`);
  const { width, height } = phase;
  const data = requireBinary(who, "phase", phase);
  const valid = requireMask(who, mask, phase);
  return directionsDeg.map((directionDeg) => {
    const { stepPx, complete, cut, lines } = runsAlong(who, directionDeg, width, height, data, valid);
    const inside = segments(complete.map((count, n) => count + cut[n]!)); // arrays of one length
    const all = segments(lines);
    const nLengths = all.findLastIndex((count) => count > 0) + 1;
    return {
      directionDeg,
      lengthPx: Float64Array.from({ length: nLengths }, (_, k) => k * stepPx),
      probability: inside.slice(0, nLengths).map((count, k) => count / all[k]!), // k < nLengths
    };
  });
}

/** Number of segments of k + 1 pixels in runs of which `runs[n]` have n pixels, at k: Σ_n runs[n] max(0, n − k). */
function segments(runs: Float64Array): Float64Array {
  const counts = new Float64Array(runs.length);
  let nRuns = 0;
  for (let k = runs.length - 1; k > 0; k--) {
    nRuns += runs[k]!; // k < length
    counts[k - 1] = nRuns + counts[k]!;
  }
  return counts;
}
