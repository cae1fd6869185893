import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { N_ORIENTATIONS } from "./ridgeStrength.ts";

/** What the ridges of an image left: see `CrestRows` and `BoundaryNetwork`. */
export interface LineMaps {
  readonly crest: RowReader<Float32Array>;
  readonly orientation: RowReader<Uint8Array>;
  readonly smooth: RowReader<Float32Array>;
  readonly mask: RowReader<Uint8Array>;
}

/**
 * Share of the boundary length on which the picture shows a line: a crest of the network within one pixel, darker than
 * both its sides. Where it only borders on something brighter on one side (a step between two greys, texture), the
 * smaller of the two rises is less than half the larger, and the pixel does not count. Rises are taken at 3 σ across the
 * line in the smoothed image; the smaller must exceed three standard deviations of its noise.
 *
 * Boundaries found in a picture without boundary lines are mostly of the second kind.
 *
 * @param labels - the final partition
 * @param lines - of the image with dark lines, at σ = `sigmaPx`
 * @param noise - standard deviation of pixel noise
 * @returns 0 … 1; undefined where there is no boundary
 */
export function lineShare(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  lines: LineMaps,
  sigmaPx: number,
  noise: number,
): number | undefined {
  const { width, height } = space;
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
  for (const { from, to, top, bottom } of space.bands(Math.ceil(reach) + 1)) {
    const rows = labels.read(from, Math.min(height, to + 1));
    const crest = lines.crest.read(top, bottom);
    const mask = lines.mask.read(top, bottom);
    const orientation = lines.orientation.read(top, bottom);
    const smooth = lines.smooth.read(top, bottom);
    for (let y = from; y < to; y++) {
      for (let x = 0; x < width; x++) {
        const own = (y - from) * width + x;
        const isBoundary =
          (x + 1 < width && rows[own + 1] !== rows[own]) || (y + 1 < height && rows[own + width] !== rows[own]);
        if (!isBoundary) continue;
        let at = -1;
        for (let yy = Math.max(0, y - 1); yy <= Math.min(height - 1, y + 1); yy++) {
          for (let xx = Math.max(0, x - 1); xx <= Math.min(width - 1, x + 1); xx++) {
            const i = (yy - top) * width + xx;
            if (mask[i] === 1 && (at < 0 || crest[i]! > crest[at]!)) at = i; // inside the window, as below
          }
        }
        const dx = at < 0 ? 0 : offsetX[orientation[at]!]!;
        const dy = at < 0 ? 0 : offsetY[orientation[at]!]!;
        const cx = at % width;
        const cy = (at - cx) / width + top;
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
  }
  return nBoundary === 0 ? undefined : nLine / nBoundary;
}
