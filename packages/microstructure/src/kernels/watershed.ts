/**
 * Seeded watershed without a line (Meyer's flooding), 4-connected: every pixel gets the label of the flood that reaches it
 * first. A flood reaches a pixel in the state (M, d): M the highest level it had to pass from its seed, d the steps taken
 * since it had to rise to M. States are compared by M, then d; a step to a pixel of level L leads from (M, d) to (L, 0) where
 * L > M, else to (M, d + 1). A pixel takes the label of its neighbour in the least state, of several the least label. This
 * does not depend on the order in which pixels are visited, so that the flooding of parts of an image can be put together
 * (`floodArrivals`, `floodLabels`).
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
  // Four numbers a pixel side by side, since floods jump about the image and each jump costs the fetch of a cache line. A
  // frame of pixels that count as flooded spares the test for the border.
  const pitch = FIELDS * (width + 2);
  const cells = new Int32Array(pitch * (height + 2));
  for (let p = LABEL; p < cells.length; p += FIELDS) cells[p] = 1;
  for (let y = 0; y < height; y++) {
    let p = (y + 1) * pitch + FIELDS;
    for (let i = y * width; i < (y + 1) * width; i++, p += FIELDS) {
      cells[p + LABEL] = labels[i];
      cells[p + LEVEL] = levels[i];
    }
  }
  const head = new Int32Array(nLevels); // of the queue of each level; 0 is in the frame
  const tail = new Int32Array(nLevels);
  for (let y = 1; y <= height; y++) {
    const end = y * pitch + FIELDS * (width + 1);
    for (let p = y * pitch + FIELDS; p < end; p += FIELDS) {
      if (cells[p] === 0) continue;
      if (cells[p - FIELDS] !== 0 && cells[p + FIELDS] !== 0 && cells[p - pitch] !== 0 && cells[p + pitch] !== 0)
        continue;
      const level = cells[p + LEVEL];
      if (tail[level] === 0) head[level] = p;
      else cells[tail[level] + NEXT] = p;
      tail[level] = p;
    }
  }
  // A wave is all pixels of one state; what a pixel gets from the first of a wave, a smaller label of the same wave replaces.
  let wave = 0;
  for (let level = 0; level < nLevels; level++) {
    let lastOfWave = 0;
    for (let p = head[level]; p !== 0; p = cells[p + NEXT]) {
      if (lastOfWave === 0) {
        wave++;
        lastOfWave = tail[level];
      }
      const label = cells[p] >>> 0;
      for (let side = 0; side < 4; side++) {
        const q = side < 2 ? p + (side === 0 ? -FIELDS : FIELDS) : p + (side === 2 ? -pitch : pitch);
        const other = cells[q] >>> 0;
        if (other !== 0) {
          if (label < other && cells[q + WAVE] === wave) cells[q] = label;
          continue;
        }
        cells[q] = label;
        cells[q + WAVE] = wave;
        const to = Math.max(level, cells[q + LEVEL]);
        if (tail[to] === 0) head[to] = q;
        else cells[tail[to] + NEXT] = q;
        tail[to] = q;
      }
      if (p === lastOfWave) lastOfWave = 0;
    }
  }
  for (let y = 0; y < height; y++) {
    let p = (y + 1) * pitch + FIELDS;
    for (let i = y * width; i < (y + 1) * width; i++, p += FIELDS) labels[i] = cells[p];
  }
}

const FIELDS = 4;
const LABEL = 0;
const NEXT = 1;
/** Wave that reached the pixel; seeds and the frame were reached by none. */
const WAVE = 2;
const LEVEL = 3;
