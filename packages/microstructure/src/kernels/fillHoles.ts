/**
 * Sets to 1 every 0 of a mask that has no 4-connected way over zeros to the image border, in place. `largest` bounds the
 * area of a hole that is filled, px.
 */
export function fillHoles(width: number, height: number, mask: Uint8Array, largest: number): void {
  const size = width * height;
  const seen = new Uint8Array(size);
  const stack = new Int32Array(size);
  for (let start = 0; start < size; start++) {
    if (mask[start] !== 0 || seen[start] !== 0) continue;
    let n = 0;
    let isOpen = false;
    stack[n++] = start;
    seen[start] = 1;
    // The stack is not popped but read through, so that it holds the whole hole at the end.
    for (let k = 0; k < n; k++) {
      const i = stack[k];
      const x = i % width;
      if (x === 0 || x === width - 1 || i < width || i >= size - width) isOpen = true;
      if (x > 0 && mask[i - 1] === 0 && seen[i - 1] === 0) {
        seen[i - 1] = 1;
        stack[n++] = i - 1;
      }
      if (x + 1 < width && mask[i + 1] === 0 && seen[i + 1] === 0) {
        seen[i + 1] = 1;
        stack[n++] = i + 1;
      }
      if (i >= width && mask[i - width] === 0 && seen[i - width] === 0) {
        seen[i - width] = 1;
        stack[n++] = i - width;
      }
      if (i + width < size && mask[i + width] === 0 && seen[i + width] === 0) {
        seen[i + width] = 1;
        stack[n++] = i + width;
      }
    }
    if (!isOpen && n <= largest) for (let k = 0; k < n; k++) mask[stack[k]] = 1;
  }
}
