/**
 * One pass of a majority vote: each pixel takes the label with the largest weight in its (2·radius + 1)² window, its own on
 * a tie. `weights` holds the window row by row; the window is cut at the image border. Evens out staircases of one or two
 * pixels and leaves straight boundaries where they are. `out` must not be `labels`.
 */
export function smoothLabels(
  width: number,
  height: number,
  labels: Uint32Array,
  radius: number,
  weights: Float64Array,
  out: Uint32Array,
): void {
  const side = 2 * radius + 1;
  const seen = new Uint32Array(side * side);
  const votes = new Float64Array(side * side);
  for (let y = 0; y < height; y++) {
    const y0 = Math.max(0, y - radius);
    const y1 = Math.min(height - 1, y + radius);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const own = labels[i];
      out[i] = own;
      const x0 = Math.max(0, x - radius);
      const x1 = Math.min(width - 1, x + radius);
      const uniform =
        labels[y0 * width + x0] === own &&
        labels[y0 * width + x1] === own &&
        labels[y1 * width + x0] === own &&
        labels[y1 * width + x1] === own &&
        labels[y0 * width + x] === own &&
        labels[y1 * width + x] === own &&
        labels[y * width + x0] === own &&
        labels[y * width + x1] === own;
      if (uniform) continue; // a region thinner than the window could hide here; it keeps its label
      let n = 0;
      for (let yy = y0; yy <= y1; yy++) {
        for (let xx = x0; xx <= x1; xx++) {
          const label = labels[yy * width + xx];
          const w = weights[(yy - y + radius) * side + (xx - x + radius)];
          let k = 0;
          while (k < n && seen[k] !== label) k++;
          if (k === n) {
            seen[n] = label;
            votes[n++] = w;
          } else votes[k] += w;
        }
      }
      let best = 0;
      let ownVotes = 0;
      let at = own;
      for (let k = 0; k < n; k++) {
        if (seen[k] === own) ownVotes = votes[k];
        if (votes[k] > best) {
          best = votes[k];
          at = seen[k];
        }
      }
      if (best > ownVotes) out[i] = at;
    }
  }
}
