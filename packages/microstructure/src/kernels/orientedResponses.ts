/** Central differences, (b − a) / 2; borders repeat the edge pixel. */
export function centralGradient(
  width: number,
  height: number,
  source: Float32Array,
  gx: Float32Array,
  gy: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const up = y > 0 ? row - width : row;
    const down = y + 1 < height ? row + width : row;
    for (let x = 0; x < width; x++) {
      gx[row + x] = 0.5 * (source[row + (x + 1 < width ? x + 1 : x)] - source[row + (x > 0 ? x - 1 : x)]);
      gy[row + x] = 0.5 * (source[down + x] - source[up + x]);
    }
  }
}

/** `a` · first + `b` · second. */
export function weightedSum(
  size: number,
  first: Float32Array,
  a: number,
  second: Float32Array,
  b: number,
  out: Float32Array,
): void {
  for (let i = 0; i < size; i++) out[i] = a * first[i] + b * second[i];
}

/** total += values² */
export function addSquares(size: number, values: Float32Array, total: Float32Array): void {
  for (let i = 0; i < size; i++) total[i] += values[i] * values[i];
}

/**
 * Over `responses.length` directions: the direction of the largest response, that response, the mean, the smallest, and
 * the response at a right angle to the largest (the number of directions is even).
 */
export function orientationSummary(
  size: number,
  responses: readonly Float32Array[],
  best: Uint8Array,
  largest: Float32Array,
  mean: Float32Array,
  smallest: Float32Array,
  across: Float32Array,
): void {
  const n = responses.length;
  best.fill(0);
  largest.set(responses[0]);
  smallest.set(responses[0]);
  mean.set(responses[0]);
  for (let t = 1; t < n; t++) {
    const response = responses[t];
    for (let i = 0; i < size; i++) {
      const v = response[i];
      mean[i] += v;
      if (v > largest[i]) {
        largest[i] = v;
        best[i] = t;
      }
      if (v < smallest[i]) smallest[i] = v;
    }
  }
  for (let i = 0; i < size; i++) {
    mean[i] /= n;
    across[i] = responses[(best[i] + n / 2) % n][i];
  }
}

/**
 * Smaller and larger of the two values at offsets +o and −o, where o depends on the pixel's direction, over
 * `reference` + `floor`. Pixels within `margin` of the ends of the array are 0.
 */
export function directedPairs(
  size: number,
  best: Uint8Array,
  source: Float32Array,
  offsets: Int32Array,
  margin: number,
  reference: Float32Array,
  floor: number,
  smaller: Float32Array,
  larger: Float32Array,
): void {
  smaller.fill(0);
  larger.fill(0);
  for (let i = margin; i < size - margin; i++) {
    const o = offsets[best[i]];
    const a = source[i + o];
    const b = source[i - o];
    const scale = 1 / (reference[i] + floor);
    smaller[i] = Math.min(a, b) * scale;
    larger[i] = Math.max(a, b) * scale;
  }
}
