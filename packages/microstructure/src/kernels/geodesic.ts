/**
 * Shortest way inside a mask from `start` to every pixel of its part: `distance` gets the length (steps of 1 and √2, 8-connected),
 * −1 where there is none, `previous` the pixel before, −1 at the start. Returns the farthest pixel. Meant for lines one or a
 * few pixels wide, where corrections are rare. `queue` is as large as the mask, and so are the outputs.
 */
export function geodesic(
  width: number,
  height: number,
  mask: Uint8Array,
  start: number,
  queue: Int32Array,
  distance: Float32Array,
  previous: Int32Array,
): number {
  const size = width * height;
  const waiting = new Uint8Array(size);
  distance.fill(-1);
  previous.fill(-1);
  distance[start] = 0;
  let head = 0;
  let count = 1;
  queue[0] = start;
  waiting[start] = 1;
  while (count > 0) {
    const i = queue[head];
    head = head + 1 === size ? 0 : head + 1;
    count--;
    waiting[i] = 0;
    const x = i % width;
    const y = (i - x) / width;
    for (let yy = Math.max(0, y - 1); yy <= Math.min(height - 1, y + 1); yy++) {
      for (let xx = Math.max(0, x - 1); xx <= Math.min(width - 1, x + 1); xx++) {
        const j = yy * width + xx;
        if (mask[j] === 0 || j === i) continue;
        const d = distance[i] + (xx !== x && yy !== y ? Math.SQRT2 : 1);
        if (distance[j] >= 0 && distance[j] <= d + 1e-4) continue;
        distance[j] = d;
        previous[j] = i;
        if (waiting[j] === 0) {
          waiting[j] = 1;
          queue[(head + count) % size] = j;
          count++;
        }
      }
    }
  }
  let farthest = start;
  for (let i = 0; i < size; i++) if (distance[i] > distance[farthest]) farthest = i;
  return farthest;
}
