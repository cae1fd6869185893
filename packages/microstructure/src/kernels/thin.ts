/**
 * Thins a mask (non-zero is inside) to lines one pixel wide, in place, keeping its connected parts and holes: the
 * two-step parallel thinning of T. Y. Zhang and C. Y. Suen, Commun. ACM 27, 236 (1984), doi:10.1145/357994.358023.
 * Outside the image counts as background. `scratch` is as large as the mask.
 */
export function thin(width: number, height: number, mask: Uint8Array, scratch: Int32Array): void {
  let nActive = 0;
  for (let i = 0; i < width * height; i++) if (mask[i] !== 0) scratch[nActive++] = i;
  for (let removed = 1; removed > 0; ) {
    removed = 0;
    for (let step = 0; step < 2; step++) {
      // Pixels to delete gather as −i − 1, so that the whole step sees the same mask.
      let nMarked = 0;
      for (let k = 0; k < nActive; k++) {
        const i = scratch[k];
        if (isDeletable(width, height, mask, i, step)) {
          scratch[k] = -i - 1;
          nMarked++;
        }
      }
      if (nMarked === 0) continue;
      let n = 0;
      for (let k = 0; k < nActive; k++) {
        const i = scratch[k];
        if (i < 0) mask[-i - 1] = 0;
        else scratch[n++] = i;
      }
      removed += nMarked;
      nActive = n;
    }
  }
}

function isDeletable(width: number, height: number, mask: Uint8Array, i: number, step: number): boolean {
  const x = i % width;
  const hasUp = i >= width;
  const hasDown = i + width < width * height;
  const hasLeft = x > 0;
  const hasRight = x + 1 < width;
  const n = hasUp && mask[i - width] !== 0 ? 1 : 0;
  const ne = hasUp && hasRight && mask[i - width + 1] !== 0 ? 1 : 0;
  const e = hasRight && mask[i + 1] !== 0 ? 1 : 0;
  const se = hasDown && hasRight && mask[i + width + 1] !== 0 ? 1 : 0;
  const s = hasDown && mask[i + width] !== 0 ? 1 : 0;
  const sw = hasDown && hasLeft && mask[i + width - 1] !== 0 ? 1 : 0;
  const w = hasLeft && mask[i - 1] !== 0 ? 1 : 0;
  const nw = hasUp && hasLeft && mask[i - width - 1] !== 0 ? 1 : 0;
  const count = n + ne + e + se + s + sw + w + nw;
  if (count < 2 || count > 6) return false;
  const rises =
    (n < ne ? 1 : 0) +
    (ne < e ? 1 : 0) +
    (e < se ? 1 : 0) +
    (se < s ? 1 : 0) +
    (s < sw ? 1 : 0) +
    (sw < w ? 1 : 0) +
    (w < nw ? 1 : 0) +
    (nw < n ? 1 : 0);
  if (rises !== 1) return false;
  return step === 0 ? n * e * s === 0 && e * s * w === 0 : n * e * w === 0 && n * s * w === 0;
}
