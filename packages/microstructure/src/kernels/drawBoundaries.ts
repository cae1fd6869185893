/**
 * Draws the zero-thickness boundaries of a label map as soft lines: `out[i]` becomes the largest, over the crack
 * midpoints near pixel i, of strength(pair) · exp(−d² / (2 σ²)), d the distance from the pixel centre. Midpoints of a
 * diagonal staircase lie on a straight line, so lines stay even in any direction.
 * `strength` is asked once for every pair of labels, in scan order.
 */
export function drawBoundaries(
  width: number,
  height: number,
  labels: Uint32Array,
  sigma: number,
  strength: () => number,
  out: Float32Array,
): void {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const reach = 2 * radius + 1;
  // Splat tables: rows −radius … radius + 1 against columns −radius … radius + 1, for a crack right of the pixel and below it.
  const side = reach + 1;
  const right = new Float32Array(side * side);
  const below = new Float32Array(side * side);
  const scale = -1 / (2 * sigma * sigma);
  for (let j = 0; j < side; j++) {
    for (let i = 0; i < side; i++) {
      const dx = i - radius;
      const dy = j - radius;
      right[j * side + i] = Math.exp(((dx - 0.5) * (dx - 0.5) + dy * dy) * scale);
      below[j * side + i] = Math.exp((dx * dx + (dy - 0.5) * (dy - 0.5)) * scale);
    }
  }
  let largest = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] > largest) largest = labels[i];
  const count = largest + 1;
  const known = new Map<number, number>();
  const pairStrength = (a: number, b: number): number => {
    const key = a < b ? a * count + b : b * count + a;
    let s = known.get(key);
    if (s === undefined) {
      s = strength();
      known.set(key, s);
    }
    return s;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const a = labels[at];
      if (x + 1 < width && labels[at + 1] !== a) {
        splat(width, height, x, y, radius, side, right, pairStrength(a, labels[at + 1]), out);
      }
      if (y + 1 < height && labels[at + width] !== a) {
        splat(width, height, x, y, radius, side, below, pairStrength(a, labels[at + width]), out);
      }
    }
  }
}

function splat(
  width: number,
  height: number,
  x: number,
  y: number,
  radius: number,
  side: number,
  table: Float32Array,
  strength: number,
  out: Float32Array,
): void {
  const left = Math.max(0, x - radius);
  const end = Math.min(width - 1, x + radius + 1);
  const top = Math.max(0, y - radius);
  const bottom = Math.min(height - 1, y + radius + 1);
  for (let v = top; v <= bottom; v++) {
    let from = (v - y + radius) * side + (left - x + radius);
    for (let i = v * width + left; i <= v * width + end; i++, from++) {
      const value = strength * table[from];
      if (value > out[i]) out[i] = value;
    }
  }
}
