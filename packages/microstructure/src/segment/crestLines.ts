import { ridgeCrest } from "../kernels/index.ts";
import { N_ORIENTATIONS, type RidgeMap } from "./ridgeStrength.ts";
import { typicalCrest } from "./typicalCrest.ts";

export interface CrestLines {
  /** Ridge strength on lines one or two pixels thin, 0 elsewhere. */
  readonly crest: Float32Array;
  /** Strength of a typical clear boundary; undefined where next to nothing stands above the noise. */
  readonly typical: number | undefined;
}

/**
 * Thins a ridge map to its crest lines and finds how strong a clear boundary is (`typicalCrest`, five standard deviations
 * of noise and more).
 *
 * Lines that run along the image border within 2 σ of it stay, but say nothing about the typical boundary: mirrored at the
 * border, any slope of grey makes a faint valley there.
 *
 * @param noise - standard deviation of the ridge strength due to noise
 */
export function crestLines(width: number, height: number, ridge: RidgeMap, sigmaPx: number, noise: number): CrestLines {
  const { strength, orientation } = ridge;
  const crest = new Float32Array(width * height);
  ridgeCrest(width, height, strength, orientation, N_ORIENTATIONS, crest);
  const inner = crest.slice();
  const margin = Math.min(Math.ceil(2 * sigmaPx), width >> 1, height >> 1);
  const isSteep = (i: number): boolean =>
    orientation[i]! > N_ORIENTATIONS / 4 && orientation[i]! < (3 * N_ORIENTATIONS) / 4; // inside the image, as below
  for (let k = 0; k < margin; k++) {
    for (let x = 0; x < width; x++) {
      for (const i of [k * width + x, (height - 1 - k) * width + x]) if (!isSteep(i)) inner[i] = 0;
    }
    for (let y = 0; y < height; y++) {
      for (const i of [y * width + k, y * width + width - 1 - k]) if (isSteep(i)) inner[i] = 0;
    }
  }
  return { crest, typical: typicalCrest(inner, 5 * noise, Math.sqrt(width * height)) };
}
