/** Directions of the oriented filters, evenly over half a turn. */
export const N_DIRECTIONS = 8;

export interface DirectedLine {
  readonly offsets: Int32Array;
  readonly weights: Float32Array;
}

/** Cosine and sine of direction t; y points down. */
export function direction(t: number): { readonly cos: number; readonly sin: number } {
  const angle = (Math.PI * t) / N_DIRECTIONS;
  return { cos: Math.cos(angle), sin: Math.sin(angle) };
}

/**
 * Samples along a line of direction t, at the nearest pixels, with Gaussian weights of standard deviation `alongPx` cut at
 * 2.5 and summing to 1. Steps are as wide as the image is smooth (`acrossPx`), at least one pixel.
 */
export function lineSamples(t: number, alongPx: number, acrossPx: number, width: number): DirectedLine {
  const step = Math.max(1, acrossPx);
  const extra = Math.sqrt(Math.max(0, alongPx * alongPx - acrossPx * acrossPx));
  const n = Math.floor((2.5 * extra) / step);
  const offsets: number[] = [];
  const weights: number[] = [];
  for (let k = -n; k <= n; k++) {
    offsets.push(flatOffset(t, k * step, 0, width));
    weights.push(extra > 0 ? Math.exp(-((k * step) ** 2) / (2 * extra * extra)) : 1);
  }
  const sum = weights.reduce((total, w) => total + w, 0);
  return { offsets: Int32Array.from(offsets), weights: Float32Array.from(weights, (w) => w / sum) };
}

/** Reach of `lineSamples` in pixels. */
export function lineReach(alongPx: number): number {
  return Math.ceil(2.5 * alongPx) + 1;
}

/** Flat offset of the pixel nearest to `along` px in direction t and `across` px at a right angle to it. */
export function flatOffset(t: number, along: number, across: number, width: number): number {
  const { cos, sin } = direction(t);
  // Math.round is not odd; both sides of a line shall be mirror images.
  const round = (v: number): number => Math.sign(v) * Math.round(Math.abs(v));
  return round(along * sin + across * cos) * width + round(along * cos - across * sin);
}
