/**
 * Exchanges rows and columns: out[x · pitch + y] = source[y · width + x], pitch ≥ height. By squares, so that both sides stay in
 * the processor's cache.
 */
export function transpose(width: number, height: number, source: Float32Array, pitch: number, out: Float32Array): void {
  for (let y0 = 0; y0 < height; y0 += SIDE) {
    const y1 = Math.min(height, y0 + SIDE);
    for (let x0 = 0; x0 < width; x0 += SIDE) {
      const x1 = Math.min(width, x0 + SIDE);
      for (let y = y0; y < y1; y++) {
        const row = y * width;
        for (let x = x0; x < x1; x++) out[x * pitch + y] = source[row + x];
      }
    }
  }
}

const SIDE = 32;
