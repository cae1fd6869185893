/** Marks with 1 the zeros of `mask` that are connected to the border of the image through zeros; 0 elsewhere. */
export function floodBorder(
  width: number,
  height: number,
  mask: Uint8Array,
  connectivity: 4 | 8,
  out: Uint8Array,
): void {
  const w = width + 2;
  const size = w * (height + 2);
  // 1 wall, 2 reached; a ring of open pixels around the image starts the flood, with a wall behind it.
  const state = new Uint8Array(size + 2 * w).fill(1);
  const origin = w; // one wall row in front
  for (let y = 0; y < height + 2; y++) {
    for (let x = 0; x < w; x++) {
      const isRing = y === 0 || x === 0 || y === height + 1 || x === w - 1;
      state[origin + y * w + x] = isRing ? 2 : mask[(y - 1) * width + x - 1] !== 0 ? 1 : 0;
    }
  }
  const offsets = Int32Array.of(1, -1, w, -w, w + 1, w - 1, -w + 1, -w - 1);
  const stack = new Int32Array(size);
  let depth = 0;
  for (let y = 0; y < height + 2; y++) {
    for (let x = 0; x < w; x++) {
      if (y === 0 || x === 0 || y === height + 1 || x === w - 1) stack[depth++] = origin + y * w + x;
    }
  }
  while (depth > 0) {
    const i = stack[--depth];
    for (let k = 0; k < connectivity; k++) {
      const j = i + offsets[k];
      if (state[j] === 0) {
        state[j] = 2;
        stack[depth++] = j;
      }
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[y * width + x] = state[origin + (y + 1) * w + x + 1] === 2 ? 1 : 0;
  }
}
