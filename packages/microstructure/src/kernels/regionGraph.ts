/**
 * Shared borders of a partition (labels 1 … n, no 0). For every 4-adjacent pixel pair with labels a < b:
 * `pairs` gets the key a · (n + 1) + b and `values` the border strength max(strength[p], strength[q]), sorted by key by the
 * caller. `free` is 1 where no third label lies within `reach` pixels (eight directions), so that the ends of a border,
 * which touch other boundaries, can be left out. Returns the number of pairs; with `pairs` of length 0 it only counts.
 */
export function borderPairs(
  width: number,
  height: number,
  labels: Uint32Array,
  nLabels: number,
  strength: Float32Array,
  reach: number,
  pairs: Float64Array,
  values: Float32Array,
  free: Uint8Array,
): number {
  const write = pairs.length > 0;
  let n = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      for (let side = 0; side < 2; side++) {
        if (side === 0 ? x === width - 1 : y === height - 1) continue;
        const j = side === 0 ? i + 1 : i + width;
        const a = labels[i];
        const b = labels[j];
        if (a === b) continue;
        if (write) {
          pairs[n] = a < b ? a * (nLabels + 1) + b : b * (nLabels + 1) + a;
          values[n] = Math.max(strength[i], strength[j]);
          let isFree = 1;
          for (let dy = -1; dy <= 1 && isFree === 1; dy++) {
            for (let dx = -1; dx <= 1; dx++) {
              const xx = Math.min(width - 1, Math.max(0, x + dx * reach));
              const yy = Math.min(height - 1, Math.max(0, y + dy * reach));
              const c = labels[yy * width + xx];
              if (c !== a && c !== b) {
                isFree = 0;
                break;
              }
            }
          }
          free[n] = isFree;
        }
        n++;
      }
    }
  }
  return n;
}
