/**
 * Thins a ridge map: `out` is the strength where it is at least that of the two neighbours across the line (the nearest
 * of the four pixel directions to the normal), 0 elsewhere. `orientation` o means a line at angle π · o / nOrientations.
 */
export function ridgeCrest(
  width: number,
  height: number,
  strength: Float32Array,
  orientation: Uint8Array,
  nOrientations: number,
  out: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const value = strength[i];
      out[i] = 0;
      if (value <= 0) continue;
      const sector = Math.round((4 * orientation[i]) / nOrientations) % 4; // line along x, (1, 1), y, (1, −1)
      const dx = sector === 0 ? 0 : 1;
      const dy = sector === 0 ? 1 : sector === 1 ? -1 : sector === 2 ? 0 : 1;
      const ax = x + dx;
      const ay = y + dy;
      const bx = x - dx;
      const by = y - dy;
      if (ax < width && ay >= 0 && ay < height && strength[ay * width + ax] > value) continue;
      if (bx >= 0 && by >= 0 && by < height && strength[by * width + bx] > value) continue;
      out[i] = value;
    }
  }
}
