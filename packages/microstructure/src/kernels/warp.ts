import { reflectIndex } from "./reflectIndex.ts";

/**
 * Where each pixel of an image comes from: source = centre + matrix · (pixel − middle + displacement), the matrix
 * [xx, xy; yx, yy] in source px per px. `dx`, `dy` hold a displacement per pixel, or are empty.
 */
export function warpCoordinates(
  width: number,
  height: number,
  xx: number,
  xy: number,
  yx: number,
  yy: number,
  centreX: number,
  centreY: number,
  dx: Float32Array,
  dy: Float32Array,
  outX: Float64Array,
  outY: Float64Array,
): void {
  const middleX = (width - 1) / 2;
  const middleY = (height - 1) / 2;
  const isBent = dx.length > 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const u = x - middleX + (isBent ? dx[i] : 0);
      const v = y - middleY + (isBent ? dy[i] : 0);
      outX[i] = centreX + xx * u + xy * v;
      outY[i] = centreY + yx * u + yy * v;
    }
  }
}

/** Values at n places by linear interpolation, all channels; the image goes on reflected (… b a | a b …). Whole places are exact. */
export function warpLinear(
  width: number,
  height: number,
  channels: number,
  source: Float32Array,
  n: number,
  xs: Float64Array,
  ys: Float64Array,
  out: Float32Array,
): void {
  for (let i = 0; i < n; i++) {
    const left = Math.floor(xs[i]);
    const top = Math.floor(ys[i]);
    const u = xs[i] - left;
    const v = ys[i] - top;
    const isInside = left >= 0 && top >= 0 && left + 1 < width && top + 1 < height;
    const x0 = isInside ? left : reflectIndex(left, width);
    const x1 = isInside ? left + 1 : reflectIndex(left + 1, width);
    const y0 = (isInside ? top : reflectIndex(top, height)) * width;
    const y1 = (isInside ? top + 1 : reflectIndex(top + 1, height)) * width;
    const a = (y0 + x0) * channels;
    const b = (y0 + x1) * channels;
    const c = (y1 + x0) * channels;
    const d = (y1 + x1) * channels;
    for (let k = 0; k < channels; k++) {
      const upper = source[a + k] + u * (source[b + k] - source[a + k]);
      const lower = source[c + k] + u * (source[d + k] - source[c + k]);
      out[i * channels + k] = upper + v * (lower - upper);
    }
  }
}

/** Codes of the pixels in which n places lie; `outside` for places beyond the image. Whole places are exact. */
export function warpNearest(
  width: number,
  height: number,
  source: Uint8Array,
  outside: number,
  n: number,
  xs: Float64Array,
  ys: Float64Array,
  out: Uint8Array,
): void {
  for (let i = 0; i < n; i++) {
    const x = Math.floor(xs[i] + 0.5);
    const y = Math.floor(ys[i] + 0.5);
    out[i] = x >= 0 && y >= 0 && x < width && y < height ? source[y * width + x] : outside;
  }
}

/** A window of an image, all channels; where it reaches beyond the image, the image goes on reflected. */
export function reflectedWindow(
  width: number,
  height: number,
  channels: number,
  source: Float32Array,
  left: number,
  top: number,
  windowWidth: number,
  windowHeight: number,
  out: Float32Array,
): void {
  for (let y = 0, i = 0; y < windowHeight; y++) {
    const row = reflectIndex(top + y, height) * width;
    for (let x = 0; x < windowWidth; x++) {
      const from = (row + reflectIndex(left + x, width)) * channels;
      for (let k = 0; k < channels; k++, i++) out[i] = source[from + k];
    }
  }
}
