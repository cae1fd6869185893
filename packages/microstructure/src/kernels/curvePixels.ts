/**
 * Pixels nearest to a straight line from (x0, y0) to (x1, y1), both ends included, one a step along its longer axis:
 * `out` gets x, y in turn; returns the number of pixels, at most max(|x1 − x0|, |y1 − y0|) + 1.
 */
export function linePixels(x0: number, y0: number, x1: number, y1: number, out: Int32Array): number {
  const steps = Math.round(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)));
  for (let k = 0; k <= steps; k++) {
    const share = steps === 0 ? 0 : k / steps;
    out[2 * k] = Math.round(x0 + share * (x1 - x0));
    out[2 * k + 1] = Math.round(y0 + share * (y1 - y0));
  }
  return steps + 1;
}

/**
 * Pixels nearest to a circle round a pixel, each once, in the order of their angle counter-clockwise (y down) from +x:
 * 8-connected, one a step along the axis along which the circle runs. `out` holds x, y in turn, room for
 * 8 · (⌊radius/√2⌋ + 2) pixels; returns their number.
 */
export function circlePixels(centreX: number, centreY: number, radius: number, out: Int32Array): number {
  let n = 0;
  for (let octant = 0; octant < 8; octant++) {
    const isOdd = (octant & 1) === 1;
    const last = Math.floor(radius * Math.SQRT1_2 + 0.5);
    for (let k = 0; k <= last; k++) {
      const short = isOdd ? last - k : k;
      const long = Math.round(Math.sqrt(radius * radius - short * short));
      if (short > long) continue; // belongs to the neighbouring octant
      const quadrant = octant >> 1;
      const a = isOdd ? short : long; // along the first axis of the quadrant
      const b = isOdd ? long : short;
      const x = quadrant === 0 ? a : quadrant === 1 ? -b : quadrant === 2 ? -a : b;
      const y = quadrant === 0 ? b : quadrant === 1 ? a : quadrant === 2 ? -b : -a; // y up
      const px = centreX + x;
      const py = centreY - y;
      if (n > 0 && out[2 * n - 2] === px && out[2 * n - 1] === py) continue;
      if (n > 0 && out[0] === px && out[1] === py) continue;
      out[2 * n] = px;
      out[2 * n + 1] = py;
      n++;
    }
  }
  return n;
}
