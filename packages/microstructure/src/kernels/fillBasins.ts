/**
 * Floods a relief from the image border: `out` becomes, for every pixel, the lowest level to which one must climb on the way to
 * the border (grey reconstruction by erosion; L. Vincent, IEEE Trans. Image Process. 2, 176 (1993), doi:10.1109/83.217222).
 * out − levels is the depth of enclosed basins, 0 elsewhere. `start` holds the level at which each border pixel drains (at
 * least its own); other entries are not read. Levels are integers below `nLevels`, paths 8-connected.
 */
export function fillBasins(
  width: number,
  height: number,
  levels: Uint16Array,
  nLevels: number,
  start: Uint16Array,
  out: Uint16Array,
): void {
  const size = width * height;
  const next = new Int32Array(size);
  const head = new Int32Array(nLevels).fill(-1);
  const done = new Uint8Array(size);
  const push = (i: number, level: number): void => {
    out[i] = level;
    done[i] = 1;
    next[i] = head[level];
    head[level] = i;
  };
  for (let x = 0; x < width; x++) {
    for (let i = x; i < size; i += Math.max(1, height - 1) * width) {
      if (done[i] === 0) push(i, Math.max(levels[i], start[i]));
    }
  }
  for (let row = 0; row < size; row += width) {
    if (done[row] === 0) push(row, Math.max(levels[row], start[row]));
    const i = row + width - 1;
    if (done[i] === 0) push(i, Math.max(levels[i], start[i]));
  }
  for (let level = 0; level < nLevels; level++) {
    for (let i = head[level]; i >= 0; i = head[level]) {
      head[level] = next[i];
      const x = i % width;
      const y = (i - x) / width;
      for (let yy = Math.max(0, y - 1); yy <= Math.min(height - 1, y + 1); yy++) {
        for (let xx = Math.max(0, x - 1); xx <= Math.min(width - 1, x + 1); xx++) {
          const j = yy * width + xx;
          if (done[j] === 0) push(j, Math.max(levels[j], level));
        }
      }
    }
  }
}
