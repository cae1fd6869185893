import type { AnnotationPolygon } from "./annotation.ts";

/**
 * A polygon with holes as one ring, for formats that know no holes: each hole is joined to the ring around it by a slit of no
 * width, which the even–odd rule and the winding rule both fill over. Slits run to the right from the rightmost point of a hole.
 */
export function slitRing(polygon: AnnotationPolygon): Float64Array {
  const [outer, ...holes] = polygon.rings;
  if (outer === undefined) return new Float64Array(0);
  const right = (hole: Float64Array): number => {
    let best = 0;
    for (let k = 2; k < hole.length; k += 2) if (hole[k]! > hole[best]!) best = k; // k < length
    return best;
  };
  const sorted = holes.map((hole) => ({ hole, at: right(hole) })).sort((a, b) => b.hole[b.at]! - a.hole[a.at]!);
  let ring = outer;
  for (const { hole, at } of sorted) {
    const [hx, hy] = [hole[at]!, hole[at + 1]!]; // at is a point of the hole
    let nearest = Number.POSITIVE_INFINITY;
    let edge = 0;
    for (let k = 0; k < ring.length; k += 2) {
      const l = (k + 2) % ring.length;
      const [x0, y0, x1, y1] = [ring[k]!, ring[k + 1]!, ring[l]!, ring[l + 1]!]; // k, l < length
      if (!(Math.min(y0, y1) <= hy && hy <= Math.max(y0, y1))) continue;
      const x = y0 === y1 ? Math.max(hx, Math.min(x0, x1)) : x0 + ((hy - y0) / (y1 - y0)) * (x1 - x0);
      if (x < hx || x >= nearest || (y0 === y1 && x > Math.max(x0, x1))) continue;
      nearest = x;
      edge = k;
    }
    const turned = [...hole.subarray(at), ...hole.subarray(0, at)];
    ring = Float64Array.of(
      ...ring.subarray(0, edge + 2),
      ...[nearest, hy, ...turned, hx, hy, nearest, hy],
      ...ring.subarray(edge + 2),
    );
  }
  return ring;
}
