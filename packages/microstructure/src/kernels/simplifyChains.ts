/**
 * Straightens chains of points: of each, the fewest points chosen top down so that none left out is farther than
 * `tolerance` from the piece that replaces it (Ramer, Douglas and Peucker). Chains as `boundaryChains` writes them;
 * closed ones (bit 1 of `kinds`) are cut at their first point and the one farthest from it. `keep` has one zero per
 * point, `stack` room for 2 entries per point. Writes the shortened chains to `outPoints` and `outStarts`.
 */
export function simplifyChains(
  nChains: number,
  points: Float64Array,
  starts: Uint32Array,
  kinds: Uint8Array,
  tolerance: number,
  keep: Uint8Array,
  stack: Int32Array,
  outPoints: Float64Array,
  outStarts: Uint32Array,
): void {
  let n = 0;
  for (let k = 0; k < nChains; k++) {
    const first = starts[k];
    const last = starts[k + 1] - 1;
    let depth = 0;
    keep[first] = 1;
    keep[last] = 1;
    if ((kinds[k] & 1) !== 0) {
      let far = first;
      let most = -1;
      for (let i = first + 1; i < last; i++) {
        const d = (points[2 * i] - points[2 * first]) ** 2 + (points[2 * i + 1] - points[2 * first + 1]) ** 2;
        if (d > most) {
          most = d;
          far = i;
        }
      }
      keep[far] = 1;
      stack[depth++] = first;
      stack[depth++] = far;
      stack[depth++] = far;
      stack[depth++] = last;
    } else {
      stack[depth++] = first;
      stack[depth++] = last;
    }
    while (depth > 0) {
      const b = stack[--depth];
      const a = stack[--depth];
      const dx = points[2 * b] - points[2 * a];
      const dy = points[2 * b + 1] - points[2 * a + 1];
      const length = Math.sqrt(dx * dx + dy * dy);
      let far = -1;
      let most = tolerance;
      for (let i = a + 1; i < b; i++) {
        const px = points[2 * i] - points[2 * a];
        const py = points[2 * i + 1] - points[2 * a + 1];
        const d = length === 0 ? Math.sqrt(px * px + py * py) : Math.abs(px * dy - py * dx) / length;
        if (d > most) {
          most = d;
          far = i;
        }
      }
      if (far < 0) continue;
      keep[far] = 1;
      stack[depth++] = a;
      stack[depth++] = far;
      stack[depth++] = far;
      stack[depth++] = b;
    }
    outStarts[k] = n;
    for (let i = first; i <= last; i++) {
      if (keep[i] === 0) continue;
      outPoints[2 * n] = points[2 * i];
      outPoints[2 * n + 1] = points[2 * i + 1];
      n++;
    }
  }
  outStarts[nChains] = n;
}
