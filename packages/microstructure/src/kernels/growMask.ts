/**
 * Grows the ones of `mask` through pixels with a non-zero `ground`, 4- or 8-connected, in place, span by span along the rows.
 * `stack`, as large as the mask, holds `depth` places of ones from which growth may go on.
 */
export function growMask(
  width: number,
  height: number,
  ground: Uint8Array,
  connectivity: 4 | 8,
  stack: Int32Array,
  depth: number,
  mask: Uint8Array,
): void {
  const size = width * height;
  const reach = connectivity === 8 ? 1 : 0;
  while (depth > 0) {
    const i = stack[--depth];
    const row = i - (i % width);
    const end = row + width - 1;
    let left = i;
    while (left > row && mask[left - 1] === 0 && ground[left - 1] !== 0) mask[--left] = 1;
    let right = i;
    while (right < end && mask[right + 1] === 0 && ground[right + 1] !== 0) mask[++right] = 1;
    left = Math.max(row, left - reach);
    right = Math.min(end, right + reach);
    for (let side = -width; side <= width; side += 2 * width) {
      if (row + side < 0 || row + side >= size) continue;
      let isRun = false; // of a run along the row its first pixel is enough
      for (let j = left + side; j <= right + side; j++) {
        const isFree = mask[j] === 0 && ground[j] !== 0;
        if (isFree && !isRun) {
          mask[j] = 1;
          stack[depth++] = j;
        }
        isRun = isFree;
      }
    }
  }
}
