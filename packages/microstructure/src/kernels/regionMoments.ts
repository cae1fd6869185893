/** Values kept per region by `regionMoments`, in this order. */
export const REGION_FIELDS = 14;

/**
 * Sums over the pixels of every region 1 … n, in rows of `REGION_FIELDS` values of `out` (row 0 belongs to label 0):
 * 0 area, 1 Σx, 2 Σy, 3 Σx², 4 Σy², 5 Σxy, 6 smallest x, 7 largest x, 8 smallest y, 9 largest y, 10 and 11 changes of
 * label met by horizontal and vertical steps, 12 by both diagonals together, 13 Σ grey. Outside the image counts as
 * another label. `grey` is empty where there is none. Sums run about the first pixel's row and column of the image; x²
 * stays exact below 2^53.
 */
export function regionMoments(
  width: number,
  height: number,
  n: number,
  labels: Uint32Array,
  grey: Float32Array,
  out: Float64Array,
): void {
  startRegionMoments(width, height, n, out);
  addRegionMoments(width, height, 0, height, labels, grey, out);
}

/** Sums over no pixel. */
export function startRegionMoments(width: number, height: number, n: number, out: Float64Array): void {
  out.fill(0);
  for (let k = 0; k <= n; k++) {
    out[k * REGION_FIELDS + 6] = width;
    out[k * REGION_FIELDS + 7] = -1;
    out[k * REGION_FIELDS + 8] = height;
    out[k * REGION_FIELDS + 9] = -1;
  }
}

/**
 * Adds rows `from` … `to` − 1 of an image of `height` rows. `labels` begins with row `from` and holds row `to` too, where the
 * image has it; `grey`, where there is one, begins with row `from`.
 */
export function addRegionMoments(
  width: number,
  height: number,
  from: number,
  to: number,
  labels: Uint32Array,
  grey: Float32Array,
  out: Float64Array,
): void {
  const hasGrey = grey.length > 0;
  for (let y = from; y < to; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y - from) * width + x;
      const label = labels[i];
      const r = label * REGION_FIELDS;
      out[r]++;
      out[r + 1] += x;
      out[r + 2] += y;
      out[r + 3] += x * x;
      out[r + 4] += y * y;
      out[r + 5] += x * y;
      if (x < out[r + 6]) out[r + 6] = x;
      if (x > out[r + 7]) out[r + 7] = x;
      if (y < out[r + 8]) out[r + 8] = y;
      if (y > out[r + 9]) out[r + 9] = y;
      if (hasGrey) out[r + 13] += grey[i];
      const isLeft = x === 0;
      const isRight = x + 1 === width;
      const isTop = y === 0;
      const isBottom = y + 1 === height;
      if (isLeft) out[r + 10]++;
      if (isRight) out[r + 10]++;
      else {
        const other = labels[i + 1];
        if (other !== label) {
          out[r + 10]++;
          out[other * REGION_FIELDS + 10]++;
        }
      }
      if (isTop) out[r + 11]++;
      if (isBottom) out[r + 11]++;
      else {
        const other = labels[i + width];
        if (other !== label) {
          out[r + 11]++;
          out[other * REGION_FIELDS + 11]++;
        }
      }
      // Four diagonal steps leave a pixel; those that stay inside are counted from their upper end.
      if (isTop) out[r + 12] += 2;
      else out[r + 12] += (isLeft ? 1 : 0) + (isRight ? 1 : 0);
      if (isBottom) out[r + 12] += 2;
      else {
        if (isLeft) out[r + 12]++;
        else {
          const other = labels[i + width - 1];
          if (other !== label) {
            out[r + 12]++;
            out[other * REGION_FIELDS + 12]++;
          }
        }
        if (isRight) out[r + 12]++;
        else {
          const other = labels[i + width + 1];
          if (other !== label) {
            out[r + 12]++;
            out[other * REGION_FIELDS + 12]++;
          }
        }
      }
    }
  }
}
