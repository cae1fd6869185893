/**
 * Hysteresis threshold: `mask` becomes 1 where value ≥ low and the 8-connected region of such pixels holds a value ≥ high.
 */
export function hysteresis(
  width: number,
  height: number,
  values: Float32Array,
  low: number,
  high: number,
  mask: Uint8Array,
): void {
  const size = width * height;
  const stack = new Int32Array(size);
  mask.fill(0);
  let depth = 0;
  for (let i = 0; i < size; i++) {
    if (values[i] >= high) {
      mask[i] = 1;
      stack[depth++] = i;
    }
  }
  while (depth > 0) {
    const i = stack[--depth];
    const x = i % width;
    const y = (i - x) / width;
    for (let yy = Math.max(0, y - 1); yy <= Math.min(height - 1, y + 1); yy++) {
      for (let xx = Math.max(0, x - 1); xx <= Math.min(width - 1, x + 1); xx++) {
        const j = yy * width + xx;
        if (mask[j] === 0 && values[j] >= low) {
          mask[j] = 1;
          stack[depth++] = j;
        }
      }
    }
  }
}
