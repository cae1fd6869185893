/**
 * Numbers of label changes between neighbouring sites of a torus along 0°, 90°, 45° and 135° (y downwards), written to
 * `out` in that order. Each direction has width × height steps, of length 1, 1, √2, √2.
 */
export function periodicIntercepts(
  width: number,
  height: number,
  labels: Int32Array | Uint32Array,
  out: Float64Array,
): void {
  let horizontal = 0;
  let vertical = 0;
  let rising = 0;
  let falling = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const next = ((y + 1) % height) * width;
    for (let x = 0; x < width; x++) {
      const label = labels[row + x];
      const right = x + 1 === width ? 0 : x + 1;
      const left = x === 0 ? width - 1 : x - 1;
      if (labels[row + right] !== label) horizontal++;
      if (labels[next + x] !== label) vertical++;
      if (labels[next + left] !== label) rising++;
      if (labels[next + right] !== label) falling++;
    }
  }
  out[0] = horizontal;
  out[1] = vertical;
  out[2] = rising;
  out[3] = falling;
}
