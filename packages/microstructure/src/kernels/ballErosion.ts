import { lowerEnvelope } from "./lowerEnvelope.ts";

/** Pixels of a row that are bounded together. */
const BLOCK = 16;

/**
 * Grey-scale erosion (sign 1: smallest input + rise) or dilation (sign −1: largest input − rise) by a surface that is even in
 * x and y and never falls outwards, given as how far it has risen at |dy|, |dx| from its apex: (radius + 1)² numbers, Infinity
 * beyond its rim. What lies outside the image does not count. `out` must not be `input`.
 *
 * Blocks of a row whose smallest value plus the least rise to there is no smaller than what a block of the result has already
 * are passed over, so that a smooth image costs far less than the square of the radius.
 */
export function surfaceErosion(
  width: number,
  height: number,
  input: Float32Array,
  sign: number,
  radius: number,
  rise: Float64Array,
  out: Float32Array,
): void {
  const nBlocks = Math.ceil(width / BLOCK);
  const values = new Float64Array(width * height);
  const least = new Float64Array(nBlocks * height).fill(Number.POSITIVE_INFINITY);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const v = sign * input[i];
      values[i] = v;
      const b = y * nBlocks + ((x / BLOCK) | 0);
      if (v < least[b]) least[b] = v;
    }
  }
  const best = new Float64Array(width);
  const worst = new Float64Array(nBlocks);
  for (let y = 0; y < height; y++) {
    best.fill(Number.POSITIVE_INFINITY);
    worst.fill(Number.POSITIVE_INFINITY);
    // Rows from near to far: 0, −1, 1, −2, 2, …
    for (let k = 0; k <= 2 * radius; k++) {
      const dy = k & 1 ? -((k + 1) >> 1) : k >> 1;
      const other = y + dy;
      if (other < 0 || other >= height) continue;
      const at = Math.abs(dy) * (radius + 1);
      if (rise[at] === Number.POSITIVE_INFINITY) continue;
      for (let b = 0; b < nBlocks; b++) {
        const from = b * BLOCK;
        const to = Math.min(width, from + BLOCK);
        // Blocks from near to far, on both sides in turn.
        for (let j = 0, last = 2 * Math.ceil(radius / BLOCK); j <= last; j++) {
          const apart = (j + 1) >> 1;
          const c = j & 1 ? b - apart : b + apart;
          if (c < 0 || c >= nBlocks) continue;
          const gap = apart === 0 ? 0 : (apart - 1) * BLOCK + 1;
          if (gap > radius || least[other * nBlocks + c] + rise[at + gap] >= worst[b]) continue;
          const row = other * width;
          const start = c * BLOCK;
          const end = Math.min(width, start + BLOCK);
          let largest = Number.NEGATIVE_INFINITY;
          for (let x = from; x < to; x++) {
            let lowest = best[x];
            for (let q = Math.max(start, x - radius), stop = Math.min(end, x + radius + 1); q < stop; q++) {
              const v = values[row + q] + rise[at + (q < x ? x - q : q - x)];
              if (v < lowest) lowest = v;
            }
            best[x] = lowest;
            if (lowest > largest) largest = lowest;
          }
          worst[b] = largest;
        }
      }
    }
    for (let x = 0; x < width; x++) out[y * width + x] = sign * best[x];
  }
}

/**
 * The same for the paraboloid that rises by r²/scale, by lower envelopes along rows, then columns: cost does not depend on the
 * scale. `out` may be `input`.
 */
export function paraboloidErosion(
  width: number,
  height: number,
  input: Float32Array,
  sign: number,
  scale: number,
  out: Float32Array,
): void {
  const longest = Math.max(width, height);
  const line = new Float64Array(longest);
  const sites = new Int32Array(longest);
  const from = new Float64Array(longest + 1);
  const gain = sign / scale;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) line[x] = sign * scale * input[row + x];
    lowerEnvelope(width, line, sites, from);
    for (let x = 0, k = 0; x < width; x++) {
      while (from[k + 1] < x) k++;
      out[row + x] = gain * (line[sites[k]] + (x - sites[k]) * (x - sites[k]));
    }
  }
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = sign * scale * out[y * width + x];
    lowerEnvelope(height, line, sites, from);
    for (let y = 0, k = 0; y < height; y++) {
      while (from[k + 1] < y) k++;
      out[y * width + x] = gain * (line[sites[k]] + (y - sites[k]) * (y - sites[k]));
    }
  }
}
