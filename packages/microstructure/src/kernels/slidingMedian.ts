import { reflectIndex } from "./reflectIndex.ts";

/**
 * Median over a (2·radius + 1)² window with reflected borders, of levels 0 … 255, at a cost that does not depend on the
 * radius: one histogram a column, their sum kept at 16 coarse bins and brought up to date at the fine bins that are looked at
 * (S. Perreault, P. Hébert, IEEE Trans. Image Process. 16, 2389 (2007), doi:10.1109/TIP.2007.902329).
 */
export function medianOfBytes(
  width: number,
  height: number,
  levels: Uint32Array,
  radius: number,
  out: Uint32Array,
): void {
  const side = 2 * radius + 1;
  const half = (side * side) >> 1;
  const fine = new Uint32Array(width * 256);
  const coarse = new Uint32Array(width * 16);
  const source = new Int32Array(width + 2 * radius + 1);
  for (let k = 0; k < source.length; k++) source[k] = reflectIndex(k - radius, width);
  const windowFine = new Uint32Array(256);
  const windowCoarse = new Uint32Array(16);
  const last = new Int32Array(16);
  for (let dy = -radius; dy <= radius; dy++) {
    const row = reflectIndex(dy, height) * width;
    for (let x = 0; x < width; x++) {
      const v = levels[row + x];
      fine[x * 256 + v]++;
      coarse[x * 16 + (v >> 4)]++;
    }
  }
  for (let y = 0; y < height; y++) {
    windowCoarse.fill(0);
    for (let k = 0; k < side; k++) {
      const at = source[k] * 16;
      for (let b = 0; b < 16; b++) windowCoarse[b] += coarse[at + b];
    }
    last.fill(-2 * side);
    for (let x = 0; x < width; x++) {
      let below = 0;
      let b = 0;
      while (below + windowCoarse[b] <= half) below += windowCoarse[b++];
      const bin = b * 16;
      if (x - last[b] >= side) {
        for (let v = 0; v < 16; v++) windowFine[bin + v] = 0;
        for (let k = x; k < x + side; k++) {
          const at = source[k] * 256 + bin;
          for (let v = 0; v < 16; v++) windowFine[bin + v] += fine[at + v];
        }
      } else {
        for (let k = last[b]; k < x; k++) {
          const add = source[k + side] * 256 + bin;
          const drop = source[k] * 256 + bin;
          for (let v = 0; v < 16; v++) windowFine[bin + v] += fine[add + v] - fine[drop + v];
        }
      }
      last[b] = x;
      let v = bin;
      while (below + windowFine[v] <= half) below += windowFine[v++];
      out[y * width + x] = v;
      const add = source[x + side] * 16;
      const drop = source[x] * 16;
      for (let k = 0; k < 16; k++) windowCoarse[k] += coarse[add + k] - coarse[drop + k];
    }
    const enter = reflectIndex(y + radius + 1, height) * width;
    const leave = reflectIndex(y - radius, height) * width;
    for (let x = 0; x < width; x++) {
      const a = levels[enter + x];
      const d = levels[leave + x];
      fine[x * 256 + a]++;
      coarse[x * 16 + (a >> 4)]++;
      fine[x * 256 + d]--;
      coarse[x * 16 + (d >> 4)]--;
    }
  }
}

/**
 * Median as above, of up to 2²⁴ levels: the histogram of the window slides along rows (T. S. Huang, G. J. Yang, G. Y. Tang,
 * IEEE Trans. Acoust. Speech Signal Process. 27, 13 (1979), doi:10.1109/TASSP.1979.1163188) in four tiers of 64 bins each.
 * Cost grows with the radius.
 */
export function medianOfLevels(
  width: number,
  height: number,
  levels: Uint32Array,
  nLevels: number,
  radius: number,
  out: Uint32Array,
): void {
  const side = 2 * radius + 1;
  const half = (side * side) >> 1;
  const t0 = new Uint32Array((nLevels | 63) + 1);
  const t1 = new Uint32Array(((nLevels >> 6) | 63) + 1);
  const t2 = new Uint32Array(((nLevels >> 12) | 63) + 1);
  const t3 = new Uint32Array(((nLevels >> 18) | 63) + 1);
  const source = new Int32Array(width + 2 * radius + 1);
  for (let k = 0; k < source.length; k++) source[k] = reflectIndex(k - radius, width);
  const rows = new Int32Array(side);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < side; k++) rows[k] = reflectIndex(y + k - radius, height) * width;
    t0.fill(0);
    t1.fill(0);
    t2.fill(0);
    t3.fill(0);
    for (let k = 0; k < side; k++) {
      for (let j = 0; j < side; j++) {
        const v = levels[rows[k] + source[j]];
        t0[v]++;
        t1[v >> 6]++;
        t2[v >> 12]++;
        t3[v >> 18]++;
      }
    }
    for (let x = 0; x < width; x++) {
      let below = 0;
      let v = 0;
      while (below + t3[v] <= half) below += t3[v++];
      v <<= 6;
      while (below + t2[v] <= half) below += t2[v++];
      v <<= 6;
      while (below + t1[v] <= half) below += t1[v++];
      v <<= 6;
      while (below + t0[v] <= half) below += t0[v++];
      out[y * width + x] = v;
      const enter = source[x + side];
      const leave = source[x];
      for (let k = 0; k < side; k++) {
        const a = levels[rows[k] + enter];
        const d = levels[rows[k] + leave];
        t0[a]++;
        t1[a >> 6]++;
        t2[a >> 12]++;
        t3[a >> 18]++;
        t0[d]--;
        t1[d >> 6]--;
        t2[d >> 12]--;
        t3[d >> 18]--;
      }
    }
  }
}
