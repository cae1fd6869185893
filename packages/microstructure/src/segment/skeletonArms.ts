export interface SkeletonPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * One pixel of every run of neighbours around (x, y), an edge neighbour where the run holds one: as many as lines leave the
 * pixel. None where all eight neighbours are set.
 */
export function skeletonArms(x: number, y: number, on: (x: number, y: number) => boolean): SkeletonPoint[] {
  const found: SkeletonPoint[] = [];
  const ring = RING.map(([dx, dy]) => on(x + dx, y + dy));
  const first = ring.indexOf(false);
  if (first < 0) return found;
  for (let k = 1; k < 8; k++) {
    if (!ring[(first + k) % 8]) continue;
    let best = -1;
    for (; ring[(first + k) % 8]; k++) {
      const at = (first + k) % 8;
      if (best < 0 || (at % 2 === 1 && best % 2 === 0)) best = at;
    }
    const [dx, dy] = RING[best]!; // best is 0 … 7
    found.push({ x: x + dx, y: y + dy });
  }
  return found;
}

/** Clockwise from north-west; odd places are edge neighbours. */
const RING: readonly (readonly [number, number])[] = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
];

/** Whether a pixel of a raster is set; false outside. */
export function pixelTest(data: Uint8Array, width: number, height: number): (x: number, y: number) => boolean {
  return (x, y) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
}
