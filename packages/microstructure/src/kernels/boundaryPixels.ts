/** `out` is 1 where the pixel to the right or below has another label, 0 elsewhere: each boundary drawn once. */
export function boundaryPixels(width: number, height: number, labels: Uint32Array, out: Uint8Array): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const differs =
        (x < width - 1 && labels[i] !== labels[i + 1]) || (y < height - 1 && labels[i] !== labels[i + width]);
      out[i] = differs ? 1 : 0;
    }
  }
}
