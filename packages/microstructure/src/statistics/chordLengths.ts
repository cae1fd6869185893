import { DomainError, type Raster } from "@materiome/core";
import { LINE_DIRECTIONS, type LineDirection, runsAlong } from "./lineDirections.ts";
import { requireBinary, requireMask } from "./phaseIndicator.ts";

export interface ChordLengthsOptions {
  /** @defaultValue 0, 45, 90 and 135 */
  readonly directionsDeg?: readonly LineDirection[] | undefined;
  /** Pixels that are known (not 0); chords end there as at the border. @defaultValue all */
  readonly mask?: Raster | undefined;
}

export interface ChordLengths {
  readonly directionDeg: LineDirection;
  /** 1, 2, … pixels (times √2 on diagonals): the lengths that a chord with both ends seen can have. */
  readonly lengthPx: Float64Array;
  /** Number of chords whose two ends are seen. */
  readonly nComplete: Float64Array;
  /** Chords with one or both ends beyond the border (censored): at least this long. */
  readonly nCut: Float64Array;
  /** Share of chords by number, corrected for the border; NaN for all where no complete chord is seen. */
  readonly probability: Float64Array;
  /** Length in the phase per chord, cut ones included; undefined where no end of a chord is seen. */
  readonly meanPx: number | undefined;
}

/**
 * Chord-length distribution: lengths of the intersections of pixel lines with a phase.
 *
 * The border of the image cuts long chords more often than short ones. `probability` weighs each complete chord of n pixels by
 * the inverse of the number of places at which it, with the two pixels beyond its ends, fits into the image's lines
 * (Miles–Lantuéjoul), which makes it unbiased up to the longest chord that fits; nothing is said about longer ones.
 * `meanPx` is the length of all lines in the phase over the number of chords, an end seen counting one half: it needs no
 * distribution, and censored chords are in it.
 *
 * @param phase - binary, whole numbers, not 0 inside
 * @returns one distribution for each direction
 * @throws ShapeError if the sizes differ; DomainError for grey images and other directions
 * @see S. Torquato, B. Lu, Phys. Rev. E 47, 2950 (1993), doi:10.1103/PhysRevE.47.2950; C. Lantuéjoul, J. Microsc. (1980)
 * @example
 * const [horizontal] = chordLengths(phase, { directionsDeg: [0] });
 */
export function chordLengths(phase: Raster, options: ChordLengthsOptions = {}): ChordLengths[] {
  const who = "chordLengths";
  const { directionsDeg = LINE_DIRECTIONS, mask } = options;
  if (directionsDeg.length === 0) throw new DomainError(`${who}: directionsDeg is empty; give at least one direction`);
  const { width, height } = phase;
  const data = requireBinary(who, "phase", phase);
  const valid = requireMask(who, mask, phase);
  return directionsDeg.map((directionDeg) => {
    const { stepPx, complete, cut, lines } = runsAlong(who, directionDeg, width, height, data, valid);
    const longest = Math.max(
      1,
      lines.findLastIndex((count) => count > 0),
    );
    const nComplete = complete.slice(1, longest + 1);
    const nCut = cut.slice(1, longest + 1);
    const weights = nComplete.map((count, k) => (count === 0 ? 0 : count / places(lines, k + 1)));
    const total = weights.reduce((a, b) => a + b, 0);
    return {
      directionDeg,
      lengthPx: Float64Array.from(nComplete, (_, k) => (k + 1) * stepPx),
      nComplete,
      nCut,
      probability: weights.map((weight) => weight / total),
      meanPx: meanChord(stepPx, data, valid, width, height, directionDeg),
    };
  });
}

/** Places for n pixels and one more at each end in the lines. */
function places(lines: Float64Array, n: number): number {
  let total = 0;
  for (let m = n + 2; m < lines.length; m++) total += lines[m]! * (m - n - 1); // m < length
  return total;
}

/** Pixels in the phase over half of the number of changes along the lines, per pair of neighbouring pixels. */
function meanChord(
  stepPx: number,
  data: Uint8Array,
  valid: Uint8Array | undefined,
  width: number,
  height: number,
  directionDeg: LineDirection,
): number | undefined {
  const dx = directionDeg === 90 ? 0 : 1;
  const dy = directionDeg === 0 ? 0 : directionDeg === 45 ? -1 : 1;
  let changes = 0;
  let halves = 0; // of pixels in the phase, one for each pair that it is in
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    for (let x = 0; x < width - dx; x++) {
      const i = y * width + x;
      const j = i + dy * width + dx;
      if (valid !== undefined && (valid[i] === 0 || valid[j] === 0)) continue;
      const [a, b] = [data[i]!, data[j]!]; // both inside
      halves += a + b;
      if (a !== b) changes++;
    }
  }
  return changes === 0 ? undefined : (stepPx * halves) / changes;
}
