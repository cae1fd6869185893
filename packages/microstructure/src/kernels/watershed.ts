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
  // A frame of pixels that count as flooded spares the test for the border.
  const pitch = width + 2;
  const size = pitch * (height + 2);
  const flooded = new Uint32Array(size).fill(1);
  const ground = new Uint16Array(size);
  for (let y = 0; y < height; y++) {
    const to = (y + 1) * pitch + 1;
    for (let x = 0; x < width; x++) {
      flooded[to + x] = labels[y * width + x];
      ground[to + x] = levels[y * width + x];
    }
  }
  const next = new Int32Array(size); // linked list of the queue of each level
  const head = new Int32Array(nLevels).fill(-1);
  const tail = new Int32Array(nLevels).fill(-1);
  for (let y = 1; y <= height; y++) {
    for (let i = y * pitch + 1; i <= y * pitch + width; i++) {
      if (flooded[i] === 0) continue;
      if (flooded[i - 1] !== 0 && flooded[i + 1] !== 0 && flooded[i - pitch] !== 0 && flooded[i + pitch] !== 0)
        continue;
      const level = ground[i];
      next[i] = -1;
      if (tail[level] < 0) head[level] = i;
      else next[tail[level]] = i;
      tail[level] = i;
    }
  }
  // A wave is all pixels of one state; what a pixel gets from the first of a wave, a smaller label of the same wave replaces.
  const reachedFrom = new Int32Array(size);
  const sides = Int32Array.of(-1, 1, -pitch, pitch);
  let wave = 0;
  for (let level = 0; level < nLevels; level++) {
    let lastOfWave = -1;
    for (let i = head[level]; i >= 0; i = next[i]) {
      if (lastOfWave < 0) {
        wave++;
        lastOfWave = tail[level];
      }
      const label = flooded[i];
      for (let side = 0; side < 4; side++) {
        const j = i + sides[side];
        if (flooded[j] !== 0) {
          if (reachedFrom[j] === wave && label < flooded[j]) flooded[j] = label;
          continue;
        }
        flooded[j] = label;
        reachedFrom[j] = wave;
        const to = ground[j] > level ? ground[j] : level;
        next[j] = -1;
        if (tail[to] < 0) head[to] = j;
        else next[tail[to]] = j;
        tail[to] = j;
      }
      if (i === lastOfWave) lastOfWave = -1;
    }
  }
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * pitch + 1;
    for (let x = 0; x < width; x++) labels[y * width + x] = flooded[from + x];
  }
}
