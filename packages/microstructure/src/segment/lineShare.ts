import type { BoundaryNetwork } from "./boundaryNetwork.ts";
import { N_ORIENTATIONS, type RidgeMap } from "./ridgeStrength.ts";

/**
 * Share of the boundary length on which the picture shows a line: a crest of the network within one pixel, darker than
 * both its sides. Where it only borders on something brighter on one side (a step between two greys, texture), the
 * smaller of the two rises is less than half the larger, and the pixel does not count. Rises are taken at 3 σ across the
 * line in the smoothed image; the smaller must exceed three standard deviations of its noise.
 *
 * Boundaries found in a picture without boundary lines are mostly of the second kind.
 *
 * @param boundary - 1 on the boundary pixels of the final partition
 * @param ridge - of the image with dark lines, at σ = `sigmaPx`
 * @param noise - standard deviation of pixel noise
 * @returns 0 … 1; undefined where there is no boundary
 */
export function lineShare(
  width: number,
  height: number,
  boundary: Uint8Array,
  ridge: RidgeMap,
  network: BoundaryNetwork,
  sigmaPx: number,
  noise: number,
): number | undefined {
  const { smooth, orientation } = ridge;
  const { crest, mask } = network;
  const reach = 3 * sigmaPx;
  const offsetX = new Int32Array(N_ORIENTATIONS);
  const offsetY = new Int32Array(N_ORIENTATIONS);
  for (let o = 0; o < N_ORIENTATIONS; o++) {
    const across = (Math.PI * o) / N_ORIENTATIONS + Math.PI / 2;
    offsetX[o] = Math.round(reach * Math.cos(across));
    offsetY[o] = Math.round(reach * Math.sin(across));
  }
  const leastRise = (3 * noise) / (2 * Math.sqrt(Math.PI) * sigmaPx);
  let nBoundary = 0;
  let nLine = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (boundary[y * width + x] !== 1) continue;
      let at = -1;
      for (let yy = Math.max(0, y - 1); yy <= Math.min(height - 1, y + 1); yy++) {
        for (let xx = Math.max(0, x - 1); xx <= Math.min(width - 1, x + 1); xx++) {
          const i = yy * width + xx;
          if (mask[i] === 1 && (at < 0 || crest[i]! > crest[at]!)) at = i; // inside the image, as below
        }
      }
      const dx = at < 0 ? 0 : offsetX[orientation[at]!]!;
      const dy = at < 0 ? 0 : offsetY[orientation[at]!]!;
      const cx = at % width;
      const cy = (at - cx) / width;
      if (at >= 0 && (Math.min(cx - Math.abs(dx), cy - Math.abs(dy)) < 0 || cx + Math.abs(dx) >= width)) continue;
      if (at >= 0 && cy + Math.abs(dy) >= height) continue; // a side lies outside the image: nothing to say
      nBoundary++;
      if (at < 0) continue;
      const step = dy * width + dx;
      const first = smooth[at + step]! - smooth[at]!;
      const second = smooth[at - step]! - smooth[at]!;
      const least = Math.min(first, second);
      if (least > leastRise && least > 0.5 * Math.max(first, second)) nLine++;
    }
  }
  return nBoundary === 0 ? undefined : nLine / nBoundary;
}
