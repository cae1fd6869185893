/**
 * A point where two edges of a ring cross, each running through to the other side; undefined where none do. Edges that touch, or
 * run along each other as the two sides of a slit do, do not cross. Edges are sorted into the cells of a grid.
 */
export function selfIntersection(ring: Float64Array): { readonly x: number; readonly y: number } | undefined {
  const n = ring.length / 2;
  let length = 0;
  for (let i = 0; i < n; i++) {
    const j = (i + 1) % n;
    length += Math.hypot(ring[2 * j]! - ring[2 * i]!, ring[2 * j + 1]! - ring[2 * i + 1]!); // i, j < n
  }
  const cell = Math.max(1, (4 * length) / n);
  const cells = new Map<string, number[]>();
  for (let i = 0; i < n; i++) {
    const j = (i + 1) % n;
    const [x0, y0, x1, y1] = [ring[2 * i]!, ring[2 * i + 1]!, ring[2 * j]!, ring[2 * j + 1]!]; // i, j < n
    for (let v = Math.floor(Math.min(y0, y1) / cell); v <= Math.floor(Math.max(y0, y1) / cell); v++) {
      for (let u = Math.floor(Math.min(x0, x1) / cell); u <= Math.floor(Math.max(x0, x1) / cell); u++) {
        const key = `${u} ${v}`;
        const known = cells.get(key);
        if (known === undefined) cells.set(key, [i]);
        else {
          for (const k of known) {
            const found = crossing(ring, i, k, n);
            if (found !== undefined) return found;
          }
          known.push(i);
        }
      }
    }
  }
  return undefined;
}

function crossing(ring: Float64Array, i: number, k: number, n: number): { x: number; y: number } | undefined {
  const j = (i + 1) % n;
  const l = (k + 1) % n;
  const [ax, ay, bx, by] = [ring[2 * i]!, ring[2 * i + 1]!, ring[2 * j]!, ring[2 * j + 1]!]; // indices < n
  const [cx, cy, dx, dy] = [ring[2 * k]!, ring[2 * k + 1]!, ring[2 * l]!, ring[2 * l + 1]!];
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): number =>
    (qx - px) * (ry - py) - (qy - py) * (rx - px);
  const c = side(ax, ay, bx, by, cx, cy);
  const d = side(ax, ay, bx, by, dx, dy);
  const a = side(cx, cy, dx, dy, ax, ay);
  const b = side(cx, cy, dx, dy, bx, by);
  if (!(c * d < 0 && a * b < 0)) return undefined;
  const t = a / (a - b);
  return { x: ax + t * (bx - ax), y: ay + t * (by - ay) };
}
