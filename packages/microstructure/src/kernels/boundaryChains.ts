/** Bits of `kinds`: the chain is a loop; its first or last point is a meeting of three or more boundaries. */
export const CHAIN_CLOSED = 1;
export const CHAIN_FROM_JUNCTION = 2;
export const CHAIN_TO_JUNCTION = 4;

/** Number of pixel edges between two labels, the most points and chains that `boundaryChains` can write: 3 n and n. */
export function countPixelEdges(width: number, height: number, labels: Uint32Array): number {
  let n = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width && labels[i] !== labels[i + 1]) n++;
      if (y + 1 < height && labels[i] !== labels[i + width]) n++;
    }
  }
  return n;
}

/**
 * Boundaries of a label map as chains of points. A chain runs along the pixel edges between two labels, from junction (a
 * pixel corner where other than two such edges meet, or the border) to junction, or is closed. Its points are its end
 * corners and the middles of its edges, in pixel coordinates (centre of the first pixel at 0, 0), x and y in turn. The
 * points of chain k are `starts[k]` … `starts[k + 1] − 1`; a closed chain repeats its first point; `kinds[k]` holds the
 * CHAIN_ bits. `visited` has (width + 1)(height + 1) zeros. Returns the number of chains.
 */
export function boundaryChains(
  width: number,
  height: number,
  labels: Uint32Array,
  visited: Uint8Array,
  points: Float64Array,
  starts: Uint32Array,
  kinds: Uint8Array,
): number {
  const columns = width + 1;
  let nChains = 0;
  let nPoints = 0;
  // First all chains that begin at a junction, then what is left: loops.
  for (let pass = 0; pass < 2; pass++) {
    for (let cy = 0; cy <= height; cy++) {
      for (let cx = 0; cx <= width; cx++) {
        const arms = armsOf(width, height, labels, cx, cy);
        if (arms === 0 || (pass === 0 && ARM_COUNT[arms] === 2)) continue;
        for (let first = 0; first < 4; first++) {
          const corner = cy * columns + cx;
          if ((arms & (1 << first)) === 0 || (visited[corner] & (1 << first)) !== 0) continue;
          starts[nChains] = nPoints;
          let kind = 0;
          let x = cx;
          let y = cy;
          let direction = first;
          if (pass === 0) {
            points[2 * nPoints] = x - 0.5;
            points[2 * nPoints + 1] = y - 0.5;
            nPoints++;
            if (ARM_COUNT[arms] > 2) kind |= CHAIN_FROM_JUNCTION;
          } else kind |= CHAIN_CLOSED;
          for (;;) {
            visited[y * columns + x] |= 1 << direction;
            const nextX = x + (direction === 0 ? 1 : direction === 2 ? -1 : 0);
            const nextY = y + (direction === 1 ? 1 : direction === 3 ? -1 : 0);
            points[2 * nPoints] = (x + nextX) / 2 - 0.5;
            points[2 * nPoints + 1] = (y + nextY) / 2 - 0.5;
            nPoints++;
            x = nextX;
            y = nextY;
            const back = (direction + 2) & 3;
            visited[y * columns + x] |= 1 << back;
            const here = armsOf(width, height, labels, x, y);
            if (ARM_COUNT[here] !== 2) {
              points[2 * nPoints] = x - 0.5;
              points[2 * nPoints + 1] = y - 0.5;
              nPoints++;
              if (ARM_COUNT[here] > 2) kind |= CHAIN_TO_JUNCTION;
              break;
            }
            const onwards = here & ~(1 << back);
            direction = onwards === 1 ? 0 : onwards === 2 ? 1 : onwards === 4 ? 2 : 3;
            if ((visited[y * columns + x] & (1 << direction)) !== 0) {
              points[2 * nPoints] = points[2 * starts[nChains]];
              points[2 * nPoints + 1] = points[2 * starts[nChains] + 1];
              nPoints++;
              break;
            }
          }
          kinds[nChains++] = kind;
        }
      }
    }
  }
  starts[nChains] = nPoints;
  return nChains;
}

const ARM_COUNT = Uint8Array.from(
  { length: 16 },
  (_, bits) => (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + (bits >> 3),
);

/** Boundary edges that leave a pixel corner: bits 1 to the right, 2 down, 4 to the left, 8 up. */
function armsOf(width: number, height: number, labels: Uint32Array, cx: number, cy: number): number {
  const isLeft = cx > 0;
  const isRight = cx < width;
  const isUp = cy > 0;
  const isDown = cy < height;
  const i = cy * width + cx; // pixel right below the corner
  let arms = 0;
  if (isUp && isDown) {
    if (isRight && labels[i - width] !== labels[i]) arms |= 1;
    if (isLeft && labels[i - width - 1] !== labels[i - 1]) arms |= 4;
  }
  if (isLeft && isRight) {
    if (isDown && labels[i - 1] !== labels[i]) arms |= 2;
    if (isUp && labels[i - width - 1] !== labels[i - width]) arms |= 8;
  }
  return arms;
}
