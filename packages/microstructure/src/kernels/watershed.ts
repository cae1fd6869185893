/**
 * Seeded watershed without a line (Meyer's flooding): every pixel gets the label of the seed whose flood reaches it
 * first, lowest level first, first come first served within a level, 4-connected.
 *
 * `levels` are integers 0 … nLevels − 1. `labels` holds the seeds (> 0) on entry and the partition on return.
 * Pixels that no seed reaches (no seeds at all) stay 0.
 */
export function watershed(
  width: number,
  height: number,
  levels: Uint16Array,
  nLevels: number,
  labels: Uint32Array,
): void {
  const size = width * height;
  const next = new Int32Array(size); // linked list of the queue of each level
  const head = new Int32Array(nLevels).fill(-1);
  const tail = new Int32Array(nLevels).fill(-1);
  const push = (i: number, level: number): void => {
    next[i] = -1;
    if (tail[level] < 0) head[level] = i;
    else next[tail[level]] = i;
    tail[level] = i;
  };
  for (let i = 0; i < size; i++) {
    if (labels[i] === 0) continue;
    const x = i % width;
    const edge =
      (x > 0 && labels[i - 1] === 0) ||
      (x < width - 1 && labels[i + 1] === 0) ||
      (i >= width && labels[i - width] === 0) ||
      (i < size - width && labels[i + width] === 0);
    if (edge) push(i, levels[i]);
  }
  for (let level = 0; level < nLevels; level++) {
    for (let i = head[level]; i >= 0; i = head[level]) {
      head[level] = next[i];
      if (head[level] < 0) tail[level] = -1;
      const label = labels[i];
      const x = i % width;
      for (let side = 0; side < 4; side++) {
        let j: number;
        if (side === 0) {
          if (x === 0) continue;
          j = i - 1;
        } else if (side === 1) {
          if (x === width - 1) continue;
          j = i + 1;
        } else if (side === 2) {
          if (i < width) continue;
          j = i - width;
        } else {
          if (i >= size - width) continue;
          j = i + width;
        }
        if (labels[j] !== 0) continue;
        labels[j] = label;
        push(j, Math.max(levels[j], level));
      }
    }
  }
}
