/**
 * Tails behind bright places along the rows, to the right: a pixel whose `trigger` is at least `threshold` starts a tail of height
 * `gains[y]`, which falls by the factor `decay` per pixel; it is added to the pixels behind that are not bright themselves.
 */
export function chargeRows(
  width: number,
  height: number,
  source: Float32Array,
  trigger: Float32Array,
  threshold: number,
  decay: number,
  gains: Float64Array,
  out: Float32Array,
): void {
  for (let y = 0, i = 0; y < height; y++) {
    let tail = 0;
    for (let x = 0; x < width; x++, i++) {
      tail *= decay;
      if (trigger[i] >= threshold) {
        out[i] = source[i];
        tail = gains[y];
      } else out[i] = source[i] + tail;
    }
  }
}
