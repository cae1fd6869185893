/**
 * Distance from (x, y) along (dx, dy), a unit vector, to where a mask interpolated bilinearly between pixel centres falls below one
 * half; −1 where the ray starts outside, leaves the image first, or is longer than `reach`. Non-zero is inside.
 */
export function rayToEdge(
  width: number,
  height: number,
  mask: Uint8Array,
  x: number,
  y: number,
  dx: number,
  dy: number,
  reach: number,
): number {
  const step = 0.25;
  let before = 1;
  for (let k = 0; k * step <= reach; k++) {
    const px = x + dx * k * step;
    const py = y + dy * k * step;
    if (px < 0 || py < 0 || px > width - 1 || py > height - 1) return -1;
    const ix = Math.min(width - 2, Math.floor(px));
    const iy = Math.min(height - 2, Math.floor(py));
    const fx = px - ix;
    const fy = py - iy;
    const i = iy * width + ix;
    const top = (mask[i] !== 0 ? 1 - fx : 0) + (mask[i + 1] !== 0 ? fx : 0);
    const bottom = (mask[i + width] !== 0 ? 1 - fx : 0) + (mask[i + width + 1] !== 0 ? fx : 0);
    const value = top * (1 - fy) + bottom * fy;
    if (value < 0.5) return k === 0 ? -1 : (k - (0.5 - value) / (before - value)) * step;
    before = value;
  }
  return -1;
}
