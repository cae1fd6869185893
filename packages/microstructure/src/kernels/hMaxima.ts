/**
 * Marks the regional maxima whose dynamics is sufficient: one seed label (1 … n) on the highest pixel of each kept
 * maximum, 0 elsewhere; returns n.
 *
 * Pixels are joined from high to low (8-connected, union-find). Where two hills meet at level v, the lower, of height m,
 * is dropped when m − v < max(hAbsolute, hRelative · m). With `hRelative` = 0 these are the maxima of the h-maxima
 * transform (Soille, Morphological Image Analysis, 2nd ed., section 6.3.4). Values ≤ 0 belong to no hill.
 *
 * `quantum` is the step to which values are rounded for ordering (counting sort); max(values) / quantum must stay below
 * about 10⁷.
 */
export function hMaxima(
  width: number,
  height: number,
  values: Float32Array,
  hAbsolute: number,
  hRelative: number,
  quantum: number,
  seeds: Uint32Array,
): number {
  const size = width * height;
  let top = 0;
  for (let i = 0; i < size; i++) if (values[i] > top) top = values[i];
  const nLevels = Math.floor(top / quantum) + 1;
  const start = new Int32Array(nLevels + 1);
  for (let i = 0; i < size; i++) if (values[i] > 0) start[nLevels - Math.floor(values[i] / quantum)]++;
  for (let level = 1; level <= nLevels; level++) start[level] += start[level - 1];
  const nPixels = start[nLevels];
  const order = new Int32Array(nPixels);
  for (let i = size - 1; i >= 0; i--) {
    if (values[i] > 0) order[--start[nLevels - Math.floor(values[i] / quantum)]] = i;
  }
  const parent = new Int32Array(size).fill(-1);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root];
    while (parent[i] !== root) {
      const up = parent[i];
      parent[i] = root;
      i = up;
    }
    return root;
  };
  const peak = new Int32Array(size); // of a root: its highest pixel
  const kept = new Uint8Array(size); // of a peak pixel: it met a higher hill and its dynamics sufficed
  for (let k = 0; k < nPixels; k++) {
    const i = order[k];
    const v = values[i];
    parent[i] = i;
    peak[i] = i;
    const x = i % width;
    const y = (i - x) / width;
    for (let dy = -1; dy <= 1; dy++) {
      if (y + dy < 0 || y + dy >= height) continue;
      for (let dx = -1; dx <= 1; dx++) {
        if (x + dx < 0 || x + dx >= width || (dx === 0 && dy === 0)) continue;
        const j = i + dy * width + dx;
        if (parent[j] < 0) continue;
        const a = find(i);
        const b = find(j);
        if (a === b) continue;
        const aHigher = values[peak[a]] >= values[peak[b]];
        const high = aHigher ? a : b;
        const low = aHigher ? b : a;
        const m = values[peak[low]];
        const needed = Math.max(hAbsolute, hRelative * m);
        if (peak[low] !== i && m - v >= needed && m > v) kept[peak[low]] = 1;
        parent[low] = high;
      }
    }
  }
  seeds.fill(0);
  let n = 0;
  for (let i = 0; i < size; i++) {
    if (values[i] <= 0) continue;
    const isTop = find(i) === i && peak[i] >= 0;
    if (isTop) kept[peak[i]] = 1;
  }
  for (let i = 0; i < size; i++) if (kept[i] !== 0) seeds[i] = ++n;
  return n;
}
