/** Rings of a label map; see `traceRings`. */
export interface PixelRings {
  /** x and y in turn, whole numbers: the corner (0, 0) is the outer corner of the first pixel. */
  readonly points: Int32Array;
  /** Ring k owns the points starts[k] … starts[k + 1] − 1; its first point is not repeated. */
  readonly starts: Uint32Array;
  /** First pixel of the 4-connected part whose outline was walked. */
  readonly pixels: Uint32Array;
  /** 1 where the ring bounds a hole. */
  readonly isHole: Uint8Array;
}

const STEP_X = Int32Array.of(1, 0, -1, 0); // 0 right, 1 down, 2 left, 3 up
const STEP_Y = Int32Array.of(0, 1, 0, -1);

/**
 * Outlines of all regions along pixel edges, as simple rings with the region on the right hand seen along the walk (y down):
 * outer rings run clockwise as seen on the screen, holes the other way. Pixels that touch at a corner only are parted there, so
 * that each 4-connected part has one outer ring; a walk that meets a corner again gives off the loop as a ring of its own.
 * Only corners where the direction changes are kept.
 */
export function traceRings(width: number, height: number, labels: Uint32Array): PixelRings {
  const visited = new Uint8Array(width * height); // left edges walked upwards
  const columns = width + 1;
  const onPath = new Int32Array(columns * (height + 1)); // 1 + place on the path of a corner that can be met twice
  let points = new Int32Array(4096);
  let nPoints = 0;
  const starts: number[] = [];
  const pixels: number[] = [];
  const isHole: number[] = [];
  let path = new Int32Array(4096); // corner index and the direction in which it is left, in turn
  const emit = (from: number, to: number, pixel: number): void => {
    while (2 * (nPoints + to - from) > points.length) points = grown(points);
    starts.push(nPoints);
    pixels.push(pixel);
    let area = 0;
    let first = -1;
    let previous = -1;
    let came = path[2 * (to - 1) + 1];
    for (let k = from; k < to; k++) {
      const corner = path[2 * k];
      const direction = path[2 * k + 1];
      if (direction === came) continue;
      came = direction;
      const x = corner % columns;
      const y = (corner - x) / columns;
      points[2 * nPoints] = x;
      points[2 * nPoints + 1] = y;
      if (first < 0) first = nPoints;
      else area += points[2 * previous] * y - x * points[2 * previous + 1];
      previous = nPoints++;
    }
    area += points[2 * previous] * points[2 * first + 1] - points[2 * first] * points[2 * previous + 1];
    isHole.push(area > 0 ? 0 : 1);
  };
  for (let start = 0; start < labels.length; start++) {
    const label = labels[start];
    if (label === 0 || visited[start] !== 0) continue;
    const sx = start % width;
    if (sx > 0 && labels[start - 1] === label) continue;
    const sy = (start - sx) / width;
    const origin = (sy + 1) * columns + sx;
    let x = sx;
    let y = sy + 1;
    let direction = 3;
    let depth = 0;
    const isLow = sy + 1 < height;
    const startsAtPinch = sx > 0 && isLow && labels[start + width - 1] === label && labels[start + width] !== label;
    if (startsAtPinch) onPath[origin] = 1;
    for (;;) {
      // Walk one edge from (x, y).
      const corner = y * columns + x;
      if (2 * depth + 2 > path.length) path = grown(path);
      path[2 * depth] = corner;
      path[2 * depth + 1] = direction;
      depth++;
      if (direction === 3) visited[(y - 1) * width + x] = 1;
      x += STEP_X[direction];
      y += STEP_Y[direction];
      // Pixels ahead: right hand and left hand.
      const nw = x > 0 && y > 0 && labels[(y - 1) * width + x - 1] === label;
      const ne = x < width && y > 0 && labels[(y - 1) * width + x] === label;
      const sw = x > 0 && y < height && labels[y * width + x - 1] === label;
      const se = x < width && y < height && labels[y * width + x] === label;
      const right = direction === 0 ? se : direction === 1 ? sw : direction === 2 ? nw : ne;
      const ahead = direction === 0 ? ne : direction === 1 ? se : direction === 2 ? sw : nw;
      const isPinch = nw === se && ne === sw && nw !== ne;
      if (!right) direction = (direction + 1) & 3;
      else if (ahead) direction = (direction + 3) & 3;
      const here = y * columns + x;
      if (here === origin && direction === 3) break;
      if (!isPinch) continue;
      const place = onPath[here];
      if (place === 0) onPath[here] = depth + 1;
      else {
        // A loop is closed: from that place on the path up to here.
        emit(place - 1, depth, start);
        for (let k = place; k < depth; k++) onPath[path[2 * k]] = 0;
        depth = place - 1;
      }
    }
    emit(0, depth, start);
    for (let k = 0; k < depth; k++) onPath[path[2 * k]] = 0;
  }
  starts.push(nPoints);
  return {
    points: points.slice(0, 2 * nPoints),
    starts: Uint32Array.from(starts),
    pixels: Uint32Array.from(pixels),
    isHole: Uint8Array.from(isHole),
  };
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
