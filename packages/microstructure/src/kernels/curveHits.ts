/**
 * Signed distance (positive to the left, y down) of every chain vertex from the straight line through (x0, y0) along
 * (ux, uy), a unit vector, into `distance`; its place along the line into `place`.
 */
export function lineOffsets(
  nPoints: number,
  points: Float64Array,
  x0: number,
  y0: number,
  ux: number,
  uy: number,
  distance: Float64Array,
  place: Float64Array,
): void {
  for (let i = 0; i < nPoints; i++) {
    const x = points[2 * i] - x0;
    const y = points[2 * i + 1] - y0;
    distance[i] = x * uy - y * ux;
    place[i] = x * ux + y * uy;
  }
}

/**
 * Signed distance from a circle (positive outside) of every chain vertex and of the point of each piece that is nearest
 * to the centre, in order, into `distance` (room for twice the vertices); the chains get their places in it in
 * `outStarts`.
 */
export function circleOffsets(
  nChains: number,
  points: Float64Array,
  starts: Uint32Array,
  cx: number,
  cy: number,
  radius: number,
  distance: Float64Array,
  outStarts: Uint32Array,
): void {
  let n = 0;
  for (let k = 0; k < nChains; k++) {
    outStarts[k] = n;
    for (let i = starts[k]; i < starts[k + 1]; i++) {
      const x = points[2 * i] - cx;
      const y = points[2 * i + 1] - cy;
      distance[n++] = Math.sqrt(x * x + y * y) - radius;
      if (i + 1 === starts[k + 1]) continue;
      const dx = points[2 * i + 2] - cx - x;
      const dy = points[2 * i + 3] - cy - y;
      const share = -(x * dx + y * dy) / (dx * dx + dy * dy);
      if (share > 0 && share < 1) {
        const fx = x + share * dx;
        const fy = y + share * dy;
        distance[n++] = Math.sqrt(fx * fx + fy * fy) - radius;
      }
    }
  }
  outStarts[nChains] = n;
}

/**
 * Meetings of a test curve with chains, from the signed distances of their vertices. A stretch of a chain within `reach`
 * of the curve that leaves it on the other side is a crossing, on the same side a tangency; a chain end within reach is
 * one arm of a junction. Between `from` and `to` of `place` only (for closed curves pass `place` all 0); those within
 * `reach` of either end count as ends, not as what else they are. `shift` is taken off every distance. Adds to `out`:
 * crossings, tangencies, arms, ends.
 */
export function curveHits(
  nChains: number,
  starts: Uint32Array,
  kinds: Uint8Array,
  distance: Float64Array,
  place: Float64Array,
  shift: number,
  from: number,
  to: number,
  reach: number,
  out: Float64Array,
): void {
  for (let k = 0; k < nChains; k++) {
    const first = starts[k];
    const last = starts[k + 1] - 1;
    const isClosed = (kinds[k] & 1) !== 0;
    let begin = first;
    const n = last - first;
    if (isClosed) {
      // Starts off the curve, so that no stretch on it is cut in two; a loop that nowhere leaves it is one tangency.
      while (begin < last && Math.abs(distance[begin] - shift) <= reach) begin++;
      if (begin === last) {
        if (place[first] >= from && place[first] <= to) out[1]++;
        continue;
      }
    }
    let side = 0; // of the last vertex off the curve
    let nearest = 0; // of the stretch on the curve, the vertex nearest to it
    let isOn = false;
    let isFromEnd = false;
    let previous = begin;
    for (let step = 0; step <= n; step++) {
      const i = isClosed ? first + ((begin - first + step) % n) : begin + step;
      const d = distance[i] - shift;
      if (Math.abs(d) <= reach) {
        if (!isOn) {
          isOn = true;
          nearest = i;
          isFromEnd = step === 0;
        } else if (Math.abs(d) < Math.abs(distance[nearest] - shift)) nearest = i;
      } else {
        const here = d > 0 ? 1 : -1;
        if (isOn) {
          if (isFromEnd) add(out, 2, place[first], from, to, reach);
          else add(out, here === side ? 1 : 0, place[nearest], from, to, reach);
          isOn = false;
        } else if (side !== 0 && here !== side) {
          const e = distance[previous] - shift;
          add(out, 0, place[previous] + (e / (e - d)) * (place[i] - place[previous]), from, to, reach);
        }
        side = here;
      }
      previous = i;
    }
    if (isOn && !isClosed) {
      if (isFromEnd) add(out, 2, place[first], from, to, reach);
      add(out, 2, place[last], from, to, reach);
    }
  }
}

function add(out: Float64Array, what: number, place: number, from: number, to: number, reach: number): void {
  if (place < from - reach || place > to + reach) return;
  if (place - from <= reach || to - place <= reach) out[3]++;
  else out[what]++;
}
