import { ABSENT, lowerEnvelope } from "./lowerEnvelope.ts";

/**
 * Exact squared Euclidean distance of every pixel to the nearest pixel with a non-zero `mask`. O(width × height). Where the
 * mask is empty every value is `Infinity`. Whole numbers, exact up to 2²⁴ (4096 px).
 *
 * One sweep down and one up give distances along columns, whole rows at a time; then the lower envelope of the parabolas
 * along the row, between mask pixels of the row only: from behind one of these no parabola comes lower than its own.
 */
export function distanceTransformSquared(width: number, height: number, mask: Uint8Array, out: Float32Array): void {
  const steps = new Int32Array(width).fill(FAR);
  distanceDown(width, height, mask, steps, out);
  steps.fill(FAR);
  distanceUp(width, height, mask, steps, out);
}

/**
 * First sweep of `distanceTransformSquared`, over the rows given: `out` gets the steps up to the next mask pixel of the same
 * column. `steps` holds those from the row before the first, and on return from the last; `FAR` where there is none.
 */
export function distanceDown(
  width: number,
  height: number,
  mask: Uint8Array,
  steps: Int32Array,
  out: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const d = mask[row + x] !== 0 ? 0 : Math.min(FAR, steps[x] + 1);
      steps[x] = d;
      out[row + x] = d;
    }
  }
}

/** Second sweep, from the last row to the first: turns what `distanceDown` left into squared distances. `steps` runs upwards. */
export function distanceUp(
  width: number,
  height: number,
  mask: Uint8Array,
  steps: Int32Array,
  out: Float32Array,
): void {
  const f = new Float64Array(width); // f(q) + q², f the squared distance along the column
  const sites = new Int32Array(width);
  const from = new Float64Array(width + 1);
  const half = new Float64Array(width + 1);
  for (let d = 1; d <= width; d++) half[d] = 0.5 / d;
  for (let y = height - 1; y >= 0; y--) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const d = mask[row + x] !== 0 ? 0 : Math.min(FAR, steps[x] + 1);
      steps[x] = d;
      const g = Math.min(out[row + x], d);
      out[row + x] = g;
      f[x] = g >= FAR ? ABSENT : g * g + x * x;
    }
    let x = 0;
    while (x < width) {
      if (out[row + x] === 0) {
        x++;
        continue;
      }
      let stop = x + 1;
      while (stop < width && out[row + stop] !== 0) stop++;
      const first = x > 0 ? x - 1 : 0;
      const last = stop < width ? stop : width - 1;
      let k = -1;
      for (let q = first; q <= last; q++) {
        const height2 = f[q];
        if (height2 >= ABSENT) continue;
        let s = Number.NEGATIVE_INFINITY;
        while (k >= 0) {
          const p = sites[k];
          s = (height2 - f[p]) * half[q - p];
          if (s > from[k]) break;
          k--;
        }
        k++;
        sites[k] = q;
        from[k] = k === 0 ? Number.NEGATIVE_INFINITY : s;
      }
      if (k < 0) {
        out.fill(Number.POSITIVE_INFINITY, row + x, row + stop);
      } else {
        from[k + 1] = Number.POSITIVE_INFINITY;
        let j = 0;
        for (let q = x; q < stop; q++) {
          while (from[j + 1] < q) j++;
          const p = sites[j];
          out[row + q] = f[p] + q * (q - 2 * p);
        }
      }
      x = stop;
    }
  }
}

/** More than any distance along a column. */
export const FAR: number = 1 << 24;

/**
 * Index of the nearest pixel with a non-zero value (exact Euclidean distance between centres), of every pixel; −1 everywhere
 * where there is none. Of equal distances: along a column the upper one, along a row the left one.
 */
export function nearestFeature(
  width: number,
  height: number,
  features: Uint8Array | Uint32Array,
  out: Int32Array,
): boolean {
  const above = new Int32Array(width).fill(-1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (features[row + x] !== 0) above[x] = y;
      out[row + x] = above[x]; // row of the nearest feature of the same column, so far
    }
  }
  const below = above.fill(-1);
  const f = new Float64Array(width);
  const nearestRow = new Int32Array(width);
  const v = new Int32Array(width);
  const z = new Float64Array(width + 1);
  let found = false;
  for (let y = height - 1; y >= 0; y--) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (features[row + x] !== 0) below[x] = y;
      let r = out[row + x];
      if (below[x] >= 0 && (r < 0 || below[x] - y < y - r)) r = below[x];
      nearestRow[x] = r;
      f[x] = r < 0 ? ABSENT : (r - y) * (r - y);
    }
    if (lowerEnvelope(width, f, v, z) === 0) {
      out.fill(-1, row, row + width);
      continue;
    }
    found = true;
    let j = 0;
    for (let q = 0; q < width; q++) {
      while (z[j + 1] < q) j++;
      out[row + q] = features[row + q] !== 0 ? row + q : nearestRow[v[j]] * width + v[j];
    }
  }
  return found;
}
