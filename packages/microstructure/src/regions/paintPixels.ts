import { fillPolygon } from "../kernels/index.ts";

/** Box around points, x and y in turn. */
export function boundsOf(rings: readonly Float64Array[]): { minX: number; maxX: number; minY: number; maxY: number } {
  const box = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity };
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      box.minX = Math.min(box.minX, ring[i]!); // i + 1 < length
      box.maxX = Math.max(box.maxX, ring[i]!);
      box.minY = Math.min(box.minY, ring[i + 1]!);
      box.maxY = Math.max(box.maxY, ring[i + 1]!);
    }
  }
  return box;
}

/** Calls `paint` for every pixel of the image inside a polygon: its centre, by the even–odd rule (see `fillPolygon`). */
export function paintPolygon(
  polygon: { readonly rings: readonly Float64Array[] },
  width: number,
  height: number,
  paint: (index: number) => void,
): void {
  const { rings } = polygon;
  const box = boundsOf(rings);
  const minX = Math.max(0, Math.floor(box.minX));
  const minY = Math.max(0, Math.floor(box.minY));
  const w = Math.min(width, Math.ceil(box.maxX)) - minX;
  const h = Math.min(height, Math.ceil(box.maxY)) - minY;
  if (!(w > 0 && h > 0)) return;
  const starts = new Uint32Array(rings.length + 1);
  for (const [k, ring] of rings.entries()) starts[k + 1] = starts[k]! + ring.length / 2; // k < length
  const points = new Float64Array(2 * starts[rings.length]!); // the last start
  for (const [k, ring] of rings.entries()) points.set(ring, 2 * starts[k]!); // k < length
  const mask = new Uint8Array(w * h);
  fillPolygon(minX, minY, w, h, rings.length, points, starts, new Uint32Array(h + 2), mask);
  for (let v = 0; v < h; v++) {
    for (let u = 0; u < w; u++) if (mask[v * w + u] === 1) paint((v + minY) * width + u + minX);
  }
}

/** Calls `paint` for every pixel of the image whose centre is within half the width of a line (at least ½ px). */
export function paintLine(
  line: { readonly points: Float64Array; readonly widthPx: number },
  width: number,
  height: number,
  paint: (index: number) => void,
): void {
  const { points } = line;
  const reach = Math.max(1, line.widthPx) / 2;
  const box = boundsOf([points]);
  const minX = Math.max(0, Math.floor(box.minX - reach));
  const minY = Math.max(0, Math.floor(box.minY - reach));
  const w = Math.min(width, Math.ceil(box.maxX + reach)) - minX;
  const h = Math.min(height, Math.ceil(box.maxY + reach)) - minY;
  if (!(w > 0 && h > 0)) return;
  const mask = new Uint8Array(w * h);
  const n = points.length / 2;
  for (let i = 0; i < Math.max(1, n - 1); i++) {
    const j = Math.min(n - 1, i + 1);
    const [ax, ay, bx, by] = [points[2 * i]!, points[2 * i + 1]!, points[2 * j]!, points[2 * j + 1]!]; // i, j < n
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const y1 = Math.min(h, Math.ceil(Math.max(ay, by) + reach) - minY);
    const x1 = Math.min(w, Math.ceil(Math.max(ax, bx) + reach) - minX);
    for (let v = Math.max(0, Math.floor(Math.min(ay, by) - reach) - minY); v < y1; v++) {
      for (let u = Math.max(0, Math.floor(Math.min(ax, bx) - reach) - minX); u < x1; u++) {
        const px = u + minX + 0.5 - ax;
        const py = v + minY + 0.5 - ay;
        const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * (bx - ax) + py * (by - ay)) / length));
        const d = (px - t * (bx - ax)) ** 2 + (py - t * (by - ay)) ** 2;
        if (d <= reach * reach) mask[v * w + u] = 1;
      }
    }
  }
  for (let v = 0; v < h; v++) {
    for (let u = 0; u < w; u++) if (mask[v * w + u] === 1) paint((v + minY) * width + u + minX);
  }
}
