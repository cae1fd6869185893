/**
 * Label changes along parallel test lines. A line runs through the pixels nearest to it, one per column (|slope| ≤ 1:
 * `isSteep` false, slope = dy/dx with y downwards) or one per row (`isSteep`, slope = dx/dy). Lines are `spacing` apart
 * along the other axis. `out[0]` becomes the number of steps from pixel to pixel, `out[1]` the number of those that
 * change the label.
 *
 * Steps join neighbours (4 or 8), so along 0°, 45°, 90°, 135° a straight boundary is crossed exactly as often as in the
 * continuum; a staircase is not counted step by step.
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
  const nLines = Math.floor((to - from) / spacing + 1e-9) + 1;
  const first = from + (to - from - (nLines - 1) * spacing) / 2; // the bundle sits in the middle
  let steps = 0;
  let changes = 0;
  for (let k = 0; k < nLines; k++) {
    const origin = first + k * spacing + 0.5;
    let previous = 0;
    let isInside = false;
    for (let a = 0; a < along; a++) {
      const c = Math.floor(origin + slope * a);
      if (c < 0 || c >= across) {
        if (isInside) break;
        continue;
      }
      const label = labels[a * strideAlong + c * strideAcross];
      if (isInside) {
        steps++;
        if (label !== previous) changes++;
      }
      previous = label;
      isInside = true;
    }
  }
  out[0] = steps;
  out[1] = changes;
}
