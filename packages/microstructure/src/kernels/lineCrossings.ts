/**
 * Label changes along parallel test lines through pixel centres. `isSteep` false: lines run along x with `slope` −1, 0
 * or 1 pixel of y (downwards) per pixel of x; `isSteep` true: along y, with slope 0. Lines are `spacing` whole pixels
 * apart along the other axis. `out[0]` becomes the number of steps from pixel to pixel, `out[1]` the number of those that
 * change the label, `out[2]` of those among them from or to label 0.
 */
export function lineCrossings(
  width: number,
  height: number,
  labels: Uint32Array,
  isSteep: boolean,
  slope: number,
  spacing: number,
  out: Float64Array,
): void {
  const along = isSteep ? height : width;
  const across = isSteep ? width : height;
  const strideAlong = isSteep ? width : 1;
  const strideAcross = isSteep ? 1 : width;
  const drift = slope * (along - 1);
  const from = Math.min(0, -drift);
  const to = across - 1 + Math.max(0, -drift);
  const nLines = Math.floor((to - from) / spacing) + 1;
  const first = from + ((to - from - (nLines - 1) * spacing) >> 1); // the bundle sits in the middle
  const stride = strideAlong + slope * strideAcross;
  let steps = 0;
  let changes = 0;
  let toZero = 0;
  for (let k = 0; k < nLines; k++) {
    const origin = first + k * spacing;
    // The line is inside for 0 ≤ origin + slope · a < across.
    let a = 0;
    let end = along;
    if (slope > 0) {
      a = Math.max(0, -origin);
      end = Math.min(along, across - origin);
    } else if (slope < 0) {
      a = Math.max(0, origin - across + 1);
      end = Math.min(along, origin + 1);
    }
    if (end <= a) continue;
    let i = a * strideAlong + (origin + slope * a) * strideAcross;
    let previous = labels[i];
    steps += end - a - 1;
    for (a++; a < end; a++) {
      i += stride;
      const label = labels[i];
      if (label !== previous) {
        changes++;
        if (label === 0 || previous === 0) toZero++;
        previous = label;
      }
    }
  }
  out[0] = steps;
  out[1] = changes;
  out[2] = toZero;
}
