/**
 * Morphological reconstruction by dilation: `marker` grows under `mask` until it is stable, marker ← min(mask, δ(marker)),
 * by two scans and a first-in-first-out queue (L. Vincent, IEEE Trans. Image Process. 2, 176 (1993), doi:10.1109/83.217222).
 * `marker` ≤ `mask` on entry; it holds the result. Real values and either connectivity; `reconstruct` does whole numbers.
 */
export function reconstructGrey(
  width: number,
  height: number,
  mask: Float32Array | Float64Array,
  connectivity: 4 | 8,
  marker: Float32Array | Float64Array,
): void {
  // A frame of −∞ around the image takes the place of border tests.
  const w = width + 2;
  const size = w * (height + 2);
  const f = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const g = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    const to = (y + 1) * w + 1;
    for (let x = 0; x < width; x++) {
      f[to + x] = marker[from + x];
      g[to + x] = mask[from + x];
    }
  }
  const isEight = connectivity === 8;
  for (let y = 1; y <= height; y++) {
    for (let i = y * w + 1, stop = i + width; i < stop; i++) {
      let m = f[i];
      if (f[i - 1] > m) m = f[i - 1];
      if (f[i - w] > m) m = f[i - w];
      if (isEight) {
        if (f[i - w - 1] > m) m = f[i - w - 1];
        if (f[i - w + 1] > m) m = f[i - w + 1];
      }
      f[i] = Math.min(m, g[i]);
    }
  }
  const queue = new Int32Array(size);
  const isQueued = new Uint8Array(size);
  let head = 0;
  let tail = 0;
  let count = 0;
  for (let y = height; y >= 1; y--) {
    for (let i = y * w + width, stop = y * w; i > stop; i--) {
      let m = f[i];
      if (f[i + 1] > m) m = f[i + 1];
      if (f[i + w] > m) m = f[i + w];
      if (isEight) {
        if (f[i + w + 1] > m) m = f[i + w + 1];
        if (f[i + w - 1] > m) m = f[i + w - 1];
      }
      const value = Math.min(m, g[i]);
      f[i] = value;
      const grows =
        (f[i + 1] < value && f[i + 1] < g[i + 1]) ||
        (f[i + w] < value && f[i + w] < g[i + w]) ||
        (isEight &&
          ((f[i + w + 1] < value && f[i + w + 1] < g[i + w + 1]) ||
            (f[i + w - 1] < value && f[i + w - 1] < g[i + w - 1])));
      if (grows) {
        queue[tail++] = i;
        isQueued[i] = 1;
        count++;
      }
    }
  }
  const offsets = Int32Array.of(1, -1, w, -w, w + 1, w - 1, -w + 1, -w - 1);
  while (count > 0) {
    const i = queue[head];
    head = head + 1 === size ? 0 : head + 1;
    count--;
    isQueued[i] = 0;
    const value = f[i];
    for (let k = 0; k < connectivity; k++) {
      const j = i + offsets[k];
      if (f[j] >= value || f[j] >= g[j]) continue;
      f[j] = Math.min(value, g[j]);
      if (isQueued[j] !== 0) continue;
      isQueued[j] = 1;
      queue[tail] = j;
      tail = tail + 1 === size ? 0 : tail + 1;
      count++;
    }
  }
  for (let y = 0; y < height; y++) {
    const to = y * width;
    const from = (y + 1) * w + 1;
    for (let x = 0; x < width; x++) marker[to + x] = f[from + x];
  }
}
