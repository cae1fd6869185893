/**
 * Labels every pixel with 1 + the index of its nearest seed (Euclidean, pixel centres at integer coordinates), exactly:
 * seeds are sorted into square buckets that are searched in growing rings until no unseen ring can hold a nearer one.
 */
export function nearestSeed(
  width: number,
  height: number,
  nSeeds: number,
  seedX: Float64Array,
  seedY: Float64Array,
  out: Uint32Array,
): void {
  const cell = Math.max(1, Math.sqrt((width * height) / nSeeds));
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const start = new Int32Array(columns * rows + 1);
  const bucket = new Int32Array(nSeeds);
  for (let s = 0; s < nSeeds; s++) {
    const cx = Math.min(columns - 1, Math.max(0, Math.floor(seedX[s] / cell)));
    const cy = Math.min(rows - 1, Math.max(0, Math.floor(seedY[s] / cell)));
    bucket[s] = cy * columns + cx;
    start[bucket[s] + 1]++;
  }
  for (let c = 0; c < columns * rows; c++) start[c + 1] += start[c];
  const fill = start.slice();
  const order = new Int32Array(nSeeds);
  for (let s = 0; s < nSeeds; s++) order[fill[bucket[s]]++] = s;
  const most = Math.max(columns, rows);
  for (let y = 0; y < height; y++) {
    const cy = Math.min(rows - 1, Math.floor(y / cell));
    for (let x = 0; x < width; x++) {
      const cx = Math.min(columns - 1, Math.floor(x / cell));
      const margin = Math.min(x - cx * cell, (cx + 1) * cell - x, y - cy * cell, (cy + 1) * cell - y);
      let best = Infinity;
      let winner = 0;
      for (let ring = 0; ring <= most; ring++) {
        const clear = margin + (ring - 1) * cell; // nothing of this ring is nearer than that
        if (ring > 0 && clear > 0 && clear * clear > best) break;
        for (let v = cy - ring; v <= cy + ring; v++) {
          if (v < 0 || v >= rows) continue;
          const step = v === cy - ring || v === cy + ring || ring === 0 ? 1 : 2 * ring;
          for (let u = cx - ring; u <= cx + ring; u += step) {
            if (u < 0 || u >= columns) continue;
            const c = v * columns + u;
            for (let k = start[c]; k < start[c + 1]; k++) {
              const s = order[k];
              const dx = seedX[s] - x;
              const dy = seedY[s] - y;
              const d = dx * dx + dy * dy;
              if (d < best || (d === best && s < winner)) {
                best = d;
                winner = s;
              }
            }
          }
        }
      }
      out[y * width + x] = winner + 1;
    }
  }
}
