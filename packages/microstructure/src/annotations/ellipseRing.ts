/** An ellipse as a polygon that nowhere lies farther than 0.02 px from it, its points on the ellipse. */
export function ellipseRing(x: number, y: number, radiusX: number, radiusY: number): Float64Array {
  const sagitta = Math.min(1, 0.02 / Math.max(radiusX, radiusY));
  const n = Math.max(16, 4 * Math.ceil(Math.PI / Math.acos(1 - sagitta) / 4));
  const ring = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    ring[2 * k] = x + radiusX * Math.cos((2 * Math.PI * k) / n);
    ring[2 * k + 1] = y + radiusY * Math.sin((2 * Math.PI * k) / n);
  }
  return ring;
}
