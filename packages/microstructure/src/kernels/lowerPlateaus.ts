/**
 * Marks plateaus of equal value that have a higher neighbour: `isLower` gets 1 there. What is 1 on entry lowers the rest of its
 * plateau, so that plateaus can be followed through one part of an image after the other; the remaining zeros are the maxima.
 */
export function lowerPlateaus(
  width: number,
  height: number,
  values: Float32Array,
  connectivity: 4 | 8,
  isLower: Uint8Array,
): void {
  const w = width + 2;
  const size = w * (height + 2);
  const f = new Float32Array(size).fill(Number.NaN); // comparisons with the frame are false
  const lowered = new Uint8Array(size);
  for (let y = 0; y < height; y++) {
    f.set(values.subarray(y * width, (y + 1) * width), (y + 1) * w + 1);
    lowered.set(isLower.subarray(y * width, (y + 1) * width), (y + 1) * w + 1);
  }
  const stack = new Int32Array(size);
  let depth = 0;
  for (let i = 0; i < size; i++) if (lowered[i] !== 0) stack[depth++] = i;
  const offsets = Int32Array.of(1, -1, w, -w, w + 1, w - 1, -w + 1, -w - 1);
  for (let y = 1; y <= height; y++) {
    for (let i = y * w + 1, stop = i + width; i < stop; i++) {
      if (lowered[i] === 0) {
        const value = f[i];
        for (let k = 0; k < connectivity; k++) {
          if (f[i + offsets[k]] > value) {
            stack[depth++] = i;
            lowered[i] = 1;
            break;
          }
        }
      }
      while (depth > 0) {
        const p = stack[--depth];
        for (let k = 0; k < connectivity; k++) {
          const q = p + offsets[k];
          if (f[q] === f[p] && lowered[q] === 0) {
            lowered[q] = 1;
            stack[depth++] = q;
          }
        }
      }
    }
  }
  for (let y = 0; y < height; y++) isLower.set(lowered.subarray((y + 1) * w + 1, (y + 1) * w + 1 + width), y * width);
}
