/**
 * Grey reconstruction by dilation, 8-connected, in place: `marker` grows to the largest image that is nowhere above `mask`
 * and nowhere rises from a pixel to its neighbour unless the mask lets it (L. Vincent, IEEE Trans. Image Process. 2, 176
 * (1993), doi:10.1109/83.217222: two sweeps, then a queue). The result is unique, so reconstructing parts of an image in
 * turn until nothing changes gives the same.
 */
export function reconstruct(width: number, height: number, mask: Uint32Array, marker: Uint32Array): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      let value = marker[i];
      const limit = mask[i];
      if (value >= limit) continue;
      if (x > 0 && marker[i - 1] > value) value = marker[i - 1];
      if (y > 0) {
        const up = i - width;
        if (marker[up] > value) value = marker[up];
        if (x > 0 && marker[up - 1] > value) value = marker[up - 1];
        if (x + 1 < width && marker[up + 1] > value) value = marker[up + 1];
      }
      marker[i] = Math.min(value, limit);
    }
  }
  const size = width * height;
  let capacity = 1024;
  let queue = new Int32Array(capacity); // ring
  let first = 0;
  let count = 0;
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x;
      let value = marker[i];
      const limit = mask[i];
      if (value < limit) {
        if (x + 1 < width && marker[i + 1] > value) value = marker[i + 1];
        if (y + 1 < height) {
          const down = i + width;
          if (marker[down] > value) value = marker[down];
          if (x > 0 && marker[down - 1] > value) value = marker[down - 1];
          if (x + 1 < width && marker[down + 1] > value) value = marker[down + 1];
        }
        if (value > limit) value = limit;
        marker[i] = value;
      }
      let isSource = x + 1 < width && marker[i + 1] < value && marker[i + 1] < mask[i + 1];
      if (!isSource && y + 1 < height) {
        const down = i + width;
        isSource =
          (marker[down] < value && marker[down] < mask[down]) ||
          (x > 0 && marker[down - 1] < value && marker[down - 1] < mask[down - 1]) ||
          (x + 1 < width && marker[down + 1] < value && marker[down + 1] < mask[down + 1]);
      }
      if (!isSource) continue;
      if (count === capacity) {
        queue = grow(queue, first, count);
        first = 0;
        capacity = queue.length;
      }
      queue[(first + count++) & (capacity - 1)] = i;
    }
  }
  while (count > 0) {
    const i = queue[first];
    first = (first + 1) & (capacity - 1);
    count--;
    const value = marker[i];
    const x = i % width;
    const left = x > 0 ? -1 : 0;
    const right = x + 1 < width ? 1 : 0;
    for (let row = i - width; row <= i + width; row += width) {
      if (row < 0 || row >= size) continue;
      for (let j = row + left; j <= row + right; j++) {
        const limit = mask[j];
        if (marker[j] >= value || marker[j] >= limit) continue;
        marker[j] = Math.min(value, limit);
        if (count === capacity) {
          queue = grow(queue, first, count);
          first = 0;
          capacity = queue.length;
        }
        queue[(first + count++) & (capacity - 1)] = j;
      }
    }
  }
}

/** A ring of twice the length, its content from the start; lengths are powers of two. */
function grow(queue: Int32Array, first: number, count: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * queue.length);
  for (let k = 0; k < count; k++) larger[k] = queue[(first + k) & (queue.length - 1)];
  return larger;
}
