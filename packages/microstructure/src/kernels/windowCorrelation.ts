/**
 * Pearson's correlation of two windows of one size, at (ax, ay) of one image and (bx, by) of another; 0 where one of them is
 * constant.
 */
export function windowCorrelation(
  width: number,
  height: number,
  a: Float32Array,
  aWidth: number,
  ax: number,
  ay: number,
  b: Float32Array,
  bWidth: number,
  bx: number,
  by: number,
): number {
  const a0 = a[ay * aWidth + ax];
  const b0 = b[by * bWidth + bx];
  let sa = 0;
  let sb = 0;
  let saa = 0;
  let sbb = 0;
  let sab = 0;
  for (let y = 0; y < height; y++) {
    const rowA = (ay + y) * aWidth + ax;
    const rowB = (by + y) * bWidth + bx;
    for (let x = 0; x < width; x++) {
      const u = a[rowA + x] - a0;
      const v = b[rowB + x] - b0;
      sa += u;
      sb += v;
      saa += u * u;
      sbb += v * v;
      sab += u * v;
    }
  }
  const n = width * height;
  const va = saa - (sa * sa) / n;
  const vb = sbb - (sb * sb) / n;
  const least = 1e-12 * n;
  return va > least && vb > least ? (sab - (sa * sb) / n) / Math.sqrt(va * vb) : 0;
}
