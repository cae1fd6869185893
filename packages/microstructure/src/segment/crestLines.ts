import type { Band, BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { ridgeCrest } from "../kernels/index.ts";
import { FloatHistogram } from "./floatHistogram.ts";
import { N_ORIENTATIONS, type RidgeMap, ridgeBands } from "./ridgeStrength.ts";
import { typicalCrest } from "./typicalCrest.ts";

/** Ridges of the rows of one band; `crest` is the ridge strength on lines one or two pixels thin, 0 elsewhere. */
export interface CrestRows extends RidgeMap {
  readonly crest: Float32Array;
}

/**
 * Thins the ridges of an image to their crest lines, band by band, and finds how strong a clear boundary is
 * (`typicalCrest`, five standard deviations of noise and more).
 *
 * Lines that run along the image border within 2 σ of it stay, but say nothing about the typical boundary: mirrored at the
 * border, any slope of grey makes a faint valley there.
 *
 * @param image - with dark lines
 * @param noise - standard deviation of the ridge strength due to noise
 * @param visit - gets the rows of every band in turn, valid during the call
 * @returns the strength of a typical clear boundary; undefined where next to nothing stands above the noise
 */
export function crestLines(
  space: BandSpace,
  image: RowReader<Float32Array>,
  sigmaPx: number,
  noise: number,
  visit?: (band: Band, rows: CrestRows) => void,
): number | undefined {
  const { width, height } = space;
  const margin = Math.min(Math.ceil(2 * sigmaPx), width >> 1, height >> 1);
  const strong = new FloatHistogram();
  ridgeBands(space, image, sigmaPx, 1, (band, ridge) => {
    const { from, to, top, bottom } = band;
    const all = new Float32Array(ridge.strength.length);
    ridgeCrest(width, bottom - top, ridge.strength, ridge.orientation, N_ORIENTATIONS, all);
    const inside = <T extends Float32Array | Uint8Array>(rows: T): T =>
      rows.subarray((from - top) * width, (to - top) * width) as T;
    const crest = inside(all);
    const orientation = inside(ridge.orientation);
    for (let i = 0; i < crest.length; i++) {
      const value = crest[i]!; // i < length, also of orientation
      if (value <= 5 * noise) continue;
      const x = i % width;
      const y = from + (i - x) / width;
      const o = orientation[i]!;
      const isSteep = o > N_ORIENTATIONS / 4 && o < (3 * N_ORIENTATIONS) / 4;
      const isAtEdge = isSteep ? x < margin || x >= width - margin : y < margin || y >= height - margin;
      if (!isAtEdge) strong.add(value);
    }
    visit?.(band, { strength: inside(ridge.strength), orientation, smooth: inside(ridge.smooth), crest });
  });
  return typicalCrest(strong, Math.sqrt(width * height));
}
