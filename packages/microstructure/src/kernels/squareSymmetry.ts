/**
 * One of the eight symmetries of the square, applied to an image: bit 0 of `view` mirrors along x, bit 1 along y, and bit 2 then
 * exchanges the axes, so that `out` is height × width. `undoView` gives the view that leads back.
 */
export function squareSymmetry(
  width: number,
  height: number,
  channels: number,
  source: Float32Array,
  view: number,
  out: Float32Array,
): void {
  const isTransposed = (view & 4) !== 0;
  const stepX = (view & 1) !== 0 ? -channels : channels;
  const stepY = (view & 2) !== 0 ? -channels * width : channels * width;
  const start =
    ((view & 1) !== 0 ? (width - 1) * channels : 0) + ((view & 2) !== 0 ? (height - 1) * width * channels : 0);
  const columns = isTransposed ? height : width;
  const rows = isTransposed ? width : height;
  const across = isTransposed ? stepY : stepX;
  const down = isTransposed ? stepX : stepY;
  for (let y = 0, k = 0; y < rows; y++) {
    for (let x = 0, i = start + y * down; x < columns; x++, i += across) {
      for (let c = 0; c < channels; c++, k++) out[k] = source[i + c];
    }
  }
}

/** The view that undoes another. */
export function undoView(view: number): number {
  return (view & 4) === 0 ? view : 4 | ((view & 1) << 1) | ((view & 2) >> 1);
}

/** Adds the k-th of several images to their running mean and sum of squared deviations (Welford's recurrence); k from 1. */
export function addToMoments(k: number, values: Float32Array, mean: Float32Array, squares: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    const off = values[i] - mean[i];
    const next = mean[i] + off / k;
    mean[i] = next;
    squares[i] += off * (values[i] - next);
  }
}
