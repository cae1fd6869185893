/** Values kept per region by `regionHulls`, in this order. */
export const HULL_FIELDS = 6;

/**
 * Leftmost and rightmost column of every region in each of its rows: entry `starts[k] + y − top[k]` belongs to row y of region
 * k, `left` begun with values above and `right` with values below any column (rows without a pixel keep them).
 */
export function regionRows(
  width: number,
  height: number,
  labels: Uint32Array,
  starts: Uint32Array,
  top: Int32Array,
  left: Int32Array,
  right: Int32Array,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x];
      if (label === 0) continue;
      const row = starts[label] + y - top[label];
      if (x < left[row]) left[row] = x;
      if (x > right[row]) right[row] = x;
    }
  }
}

/**
 * Convex hulls of regions 1 … n as unions of unit squares (corners of the pixels), from the ends of their rows, in rows of
 * `HULL_FIELDS` values of `out`: 0 area, 1 perimeter, 2 largest distance of two points, 3 its direction (radians from +x, y
 * down), 4 smallest distance of two parallel supporting lines, 5 number of vertices. `hull` has room for 8 numbers per row of
 * the tallest region.
 */
export function regionHulls(
  n: number,
  starts: Uint32Array,
  top: Int32Array,
  left: Int32Array,
  right: Int32Array,
  hull: Float64Array,
  out: Float64Array,
): void {
  for (let k = 1; k <= n; k++) {
    const rows = starts[k + 1] - starts[k];
    if (rows === 0) continue;
    const first = starts[k];
    // Down the right side, then up the left one; a chain turns one way only (Andrew's monotone chain along y).
    let m = 0;
    for (let side = 0; side < 2; side++) {
      const base = m;
      for (let step = 0; step < 2 * rows; step++) {
        const s = side === 0 ? step : 2 * rows - 1 - step;
        const r = s >> 1;
        const row = first + r;
        if (right[row] < left[row]) continue;
        const px = side === 0 ? right[row] + 1 : left[row];
        const py = top[k] + r + (s & 1);
        while (
          m - base >= 2 &&
          (hull[2 * m - 2] - hull[2 * m - 4]) * (py - hull[2 * m - 3]) -
            (hull[2 * m - 1] - hull[2 * m - 3]) * (px - hull[2 * m - 4]) <=
            0
        )
          m--;
        hull[2 * m] = px;
        hull[2 * m + 1] = py;
        m++;
      }
    }
    let area = 0;
    let perimeter = 0;
    let longest = 0;
    let direction = 0;
    let narrowest = Infinity;
    let far = 1;
    for (let i = 0; i < m; i++) {
      const j = i + 1 === m ? 0 : i + 1;
      const x0 = hull[2 * i];
      const y0 = hull[2 * i + 1];
      const dx = hull[2 * j] - x0;
      const dy = hull[2 * j + 1] - y0;
      const length = Math.sqrt(dx * dx + dy * dy);
      area += x0 * hull[2 * j + 1] - hull[2 * j] * y0;
      perimeter += length;
      // Rotating calipers: the vertex farthest from edge i moves on as i does.
      for (;;) {
        const next = far + 1 === m ? 0 : far + 1;
        const here = dx * (hull[2 * far + 1] - y0) - dy * (hull[2 * far] - x0);
        const there = dx * (hull[2 * next + 1] - y0) - dy * (hull[2 * next] - x0);
        if (there > here) far = next;
        else {
          if (here / length < narrowest) narrowest = here / length;
          // Both ends of the edge against the antipode, and against its successor where the edges are parallel.
          for (let c = 0; c < (there === here ? 4 : 2); c++) {
            const p = (c & 1) === 0 ? i : j;
            const q = c < 2 ? far : next;
            const ex = hull[2 * q] - hull[2 * p];
            const ey = hull[2 * q + 1] - hull[2 * p + 1];
            const d = ex * ex + ey * ey;
            if (d > longest) {
              longest = d;
              direction = Math.atan2(ey, ex);
            }
          }
          break;
        }
      }
    }
    const o = k * HULL_FIELDS;
    out[o] = area / 2;
    out[o + 1] = perimeter;
    out[o + 2] = Math.sqrt(longest);
    out[o + 3] = direction;
    out[o + 4] = narrowest;
    out[o + 5] = m;
  }
}
