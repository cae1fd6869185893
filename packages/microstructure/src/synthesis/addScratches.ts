import type { Random } from "@materiome/core";

/** Half length over which a Gaussian groove is drawn, in its deviations. */
const REACH = 3;

/**
 * Straight scratches left by polishing, drawn over the whole of their length onto `image`: Gaussian profile of deviation 0.4 … 1.2 px, grey changed
 * by 0.05 … 0.3 either way, most of them within 15° of one direction, as paper and cloth are led.
 */
export function addScratches(
  image: Float32Array,
  width: number,
  height: number,
  perMegapixel: number,
  random: Random,
): void {
  const count = Math.round((perMegapixel * width * height) / 1e6);
  const direction = Math.PI * random.next();
  for (let k = 0; k < count; k++) {
    const isStray = random.next() < 0.3;
    const angle = isStray ? Math.PI * random.next() : direction + (random.next() - 0.5) * (Math.PI / 6);
    const [cx, cy] = [random.next() * width, random.next() * height];
    const half = 0.5 * Math.hypot(width, height) * (0.1 + 0.9 * random.next());
    const sigma = 0.4 + 0.8 * random.next();
    const change = (random.next() < 0.5 ? -1 : 1) * (0.05 + 0.25 * random.next());
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const [dx, dy] = [Math.abs(c) * half + REACH * sigma, Math.abs(s) * half + REACH * sigma];
    for (let y = Math.max(0, Math.floor(cy - dy)); y <= Math.min(height - 1, Math.ceil(cy + dy)); y++) {
      for (let x = Math.max(0, Math.floor(cx - dx)); x <= Math.min(width - 1, Math.ceil(cx + dx)); x++) {
        const across = -s * (x - cx) + c * (y - cy);
        if (Math.abs(across) > REACH * sigma || Math.abs(c * (x - cx) + s * (y - cy)) > half) continue;
        image[y * width + x]! += change * Math.exp(-(across * across) / (2 * sigma * sigma)); // inside the image
      }
    }
  }
}
