/**
 * Codes one feature of samples first … first + n − 1 for `walkTrees`: the number of its 255 edges that lie below the value, to
 * `codes[i * stride + feature]`. The edges of a feature start at `256 * feature`, ascending, filled up with +Infinity.
 *
 * @param step - distance between two samples in `values`
 * @returns number of samples whose value is NaN
 */
export function codePlane(
  first: number,
  n: number,
  step: number,
  values: Float32Array | Float64Array,
  offset: number,
  feature: number,
  edges: Float64Array,
  stride: number,
  codes: Uint8Array,
): number {
  let nMissing = 0;
  const base = feature << 8;
  for (let i = 0; i < n; i++) {
    const value = values[offset + (first + i) * step];
    // Sums of comparisons in place of branches, which would be guessed wrong half of the time.
    let at = base;
    at += +(value > edges[at + 127]) << 7;
    at += +(value > edges[at + 63]) << 6;
    at += +(value > edges[at + 31]) << 5;
    at += +(value > edges[at + 15]) << 4;
    at += +(value > edges[at + 7]) << 3;
    at += +(value > edges[at + 3]) << 2;
    at += +(value > edges[at + 1]) << 1;
    at += +(value > edges[at]);
    codes[i * stride + feature] = at - base;
    nMissing += +Number.isNaN(value);
  }
  return nMissing;
}
