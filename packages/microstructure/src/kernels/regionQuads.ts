/**
 * Counts, for every region 1 … n, the 2 × 2 windows (also those that reach over the border, where nothing is inside) that hold
 * one, three, or two diagonal pixels of it: `out[3 k]`, `out[3 k + 1]`, `out[3 k + 2]`. The Euler number is
 * (one − three ∓ 2 diagonal) / 4, minus for 8-connected and plus for 4-connected regions (S. B. Gray, 1971).
 */
export function regionQuads(width: number, height: number, labels: Uint32Array, out: Float64Array): void {
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x <= width; x++) {
      const i = y * width + x;
      const a = x > 0 && y > 0 ? labels[i - width - 1] : 0;
      const b = x < width && y > 0 ? labels[i - width] : 0;
      const c = x > 0 && y < height ? labels[i - 1] : 0;
      const d = x < width && y < height ? labels[i] : 0;
      if (a === b && b === c && c === d) continue;
      countQuad(a, b, c, d, out); // each label once, at its first pixel of the window
      if (b !== a) countQuad(b, a, d, c, out);
      if (c !== a && c !== b) countQuad(c, d, a, b, out);
      if (d !== a && d !== b && d !== c) out[3 * d]++;
    }
  }
}

/** `across` lies diagonally from `own`. */
function countQuad(own: number, side: number, below: number, across: number, out: Float64Array): void {
  const n = (side === own ? 1 : 0) + (below === own ? 1 : 0) + (across === own ? 1 : 0);
  if (n === 0) out[3 * own]++;
  else if (n === 2) out[3 * own + 1]++;
  else if (n === 1 && across === own) out[3 * own + 2]++;
}
