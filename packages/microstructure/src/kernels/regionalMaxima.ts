/**
 * Marks plateaus of equal value that have no higher neighbour: `out` is 1 there, 0 elsewhere. An image of one value is one
 * plateau.
 */
export function regionalMaxima(
  width: number,
  height: number,
  values: Float32Array,
  connectivity: 4 | 8,
  out: Uint8Array,
): void {
  const w = width + 2;
  const size = w * (height + 2);
  const f = new Float32Array(size).fill(Number.NaN); // comparisons with the frame are false
  for (let y = 0; y < height; y++) f.set(values.subarray(y * width, (y + 1) * width), (y + 1) * w + 1);
  const isLower = new Uint8Array(size);
  const stack = new Int32Array(size);
  const offsets = Int32Array.of(1, -1, w, -w, w + 1, w - 1, -w + 1, -w - 1);
  for (let y = 1; y <= height; y++) {
    for (let i = y * w + 1, stop = i + width; i < stop; i++) {
      if (isLower[i] !== 0) continue;
      const value = f[i];
      let hasHigher = false;
      for (let k = 0; k < connectivity; k++) {
        if (f[i + offsets[k]] > value) {
          hasHigher = true;
          break;
        }
      }
      if (!hasHigher) continue;
      let depth = 0;
      stack[depth++] = i;
      isLower[i] = 1;
      while (depth > 0) {
        const p = stack[--depth];
        for (let k = 0; k < connectivity; k++) {
          const q = p + offsets[k];
          if (f[q] === value && isLower[q] === 0) {
            isLower[q] = 1;
            stack[depth++] = q;
          }
        }
      }
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[y * width + x] = 1 - isLower[(y + 1) * w + x + 1];
  }
}
