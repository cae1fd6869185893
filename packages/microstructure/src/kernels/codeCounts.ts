/** Pixels of each code below `nCodes` in each row of an image: counts[row * nCodes + code]. Other codes are not counted. */
export function rowCodeCounts(
  width: number,
  height: number,
  codes: Uint8Array,
  nCodes: number,
  counts: Uint32Array,
): void {
  counts.fill(0);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) if (codes[i] < nCodes) counts[y * nCodes + codes[i]]++;
  }
}

/** One-hot targets, `stride` values a pixel: 1 at the code; all 0, and weight 0, where the code is not below `nCodes`. */
export function oneHot(
  n: number,
  nCodes: number,
  stride: number,
  codes: Uint8Array,
  classWeights: Float64Array,
  out: Float32Array,
  weights: Float32Array,
): void {
  for (let i = 0; i < n; i++) {
    const code = codes[i];
    for (let k = 0; k < nCodes; k++) out[i * stride + k] = 0;
    if (code < nCodes) {
      out[i * stride + code] = 1;
      weights[i] = classWeights[code];
    } else weights[i] = 0;
  }
}
