/**
 * Tails behind bright pixels along the rows, to the right: a pixel of at least `threshold` starts a tail of height `gains[y]`, which
 * falls by the factor `decay` per pixel; it is added to the pixels behind that are not bright themselves.
 */
export function chargeRows(
  width: number,
  height: number,
  source: Float32Array,
  threshold: number,
  decay: number,
  gains: Float64Array,
  out: Float32Array,
): void {
  for (let y = 0, i = 0; y < height; y++) {
    let tail = 0;
    for (let x = 0; x < width; x++, i++) {
      const value = source[i];
      tail *= decay;
      if (value >= threshold) {
        out[i] = value;
        tail = gains[y];
      } else out[i] = value + tail;
    }
  }
}
