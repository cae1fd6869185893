/**
 * Labels the connected regions of equal non-zero value: `out` gets 1 … n in raster order of first pixel, 0 where the
 * input is 0; returns n. `connectivity` is 4 or 8.
 */
export function connectedComponents(
  width: number,
  height: number,
  input: Uint8Array | Uint32Array,
  connectivity: 4 | 8,
  out: Uint32Array,
): number {
  const size = width * height;
  const stack = new Int32Array(size);
  out.fill(0);
  let n = 0;
  for (let start = 0; start < size; start++) {
    const value = input[start];
    if (value === 0 || out[start] !== 0) continue;
    n++;
    let depth = 0;
    stack[depth++] = start;
    out[start] = n;
    while (depth > 0) {
      const i = stack[--depth];
      const x = i % width;
      const y = (i - x) / width;
      for (let dy = -1; dy <= 1; dy++) {
        const yy = y + dy;
        if (yy < 0 || yy >= height) continue;
        for (let dx = -1; dx <= 1; dx++) {
          const xx = x + dx;
          if (xx < 0 || xx >= width || (connectivity === 4 && dx !== 0 && dy !== 0)) continue;
          const j = yy * width + xx;
          if (out[j] === 0 && input[j] === value) {
            out[j] = n;
            stack[depth++] = j;
          }
        }
      }
    }
  }
  return n;
}
