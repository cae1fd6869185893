import type { Raster } from "@materiome/core";
import { paraboloidErosion, surfaceErosion, valueRange } from "../kernels/index.ts";
import { checkImage, checkOption, mapChannels } from "./checkImage.ts";

export interface RollingBallOptions {
  /** Radius of the ball, px; larger than the half width of the brightest structure to keep. */
  readonly radiusPx: number;
  /** Height of a pixel edge on the grey axis. @defaultValue 1/255, as in ImageJ: one of 256 grey levels a pixel */
  readonly greyPerPx?: number | undefined;
  /**
   * "ball": exact, cost grows with the square of the radius. "paraboloid": of the same curvature at its apex, exact, cost
   * independent of the radius. @defaultValue "ball"
   */
  readonly shape?: "ball" | "paraboloid" | undefined;
  /**
   * "opening": the highest surface that the ball touches from below (Sternberg). "apex": the height of the ball's top
   * above each pixel, as in scikit-image; lies lower. @defaultValue "opening"
   */
  readonly surface?: "opening" | "apex" | undefined;
  /** "below" for bright structure on a dark ground, "above" for dark on bright. @defaultValue "below" */
  readonly side?: "below" | "above" | undefined;
}

/**
 * Background of an image by a ball of radius R rolling under its grey surface: the grey-scale opening by the ball,
 * b = ε(I) dilated, ε(I)(x) = min over |u| ≤ R of I(x + u) + g (R − √(R² − u²)), the dilation the same with max and −, g being
 * `greyPerPx`. Never above the image (below it for `side: "above"`). What lies outside the image does not count.
 *
 * @param image - one channel, or three, each by itself
 * @returns the background, same size and calibration; see {@link removeBackground}
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or options out of range
 * @see S. R. Sternberg, Computer 16(1), 22 (1983), doi:10.1109/MC.1983.1654163
 * @example
 * const even = removeBackground(image, rollingBall(image, { radiusPx: 50 }));
 */
export function rollingBall(image: Raster<Float32Array>, options: RollingBallOptions): Raster<Float32Array> {
  const caller = "rollingBall";
  checkImage(caller, image);
  const radius = checkOption(caller, "radiusPx", options.radiusPx, 1, 1e4);
  const greyPerPx = checkOption(caller, "greyPerPx", options.greyPerPx ?? 1 / 255, 1e-9, 1e9);
  const sign = (options.side ?? "below") === "below" ? 1 : -1;
  const isOpening = (options.surface ?? "opening") === "opening";
  const { width, height } = image;
  const scratch = new Float32Array(width * height);
  return mapChannels(image, (values, out) => {
    if (options.shape === "paraboloid") {
      const scale = (2 * radius) / greyPerPx;
      paraboloidErosion(width, height, values, sign, scale, out);
      if (isOpening) paraboloidErosion(width, height, out, -sign, scale, out);
    } else {
      const range = new Float64Array(2);
      valueRange(values.length, values, new Uint8Array(0), range);
      // Where the ball has risen beyond the range of grey it touches nothing before its apex does.
      const { reach, rise } = ballCap(radius, greyPerPx, range[1]! - range[0]!, Math.max(width, height)); // two ends
      surfaceErosion(width, height, values, sign, reach, rise, isOpening ? scratch : out);
      if (isOpening) surfaceErosion(width, height, scratch, -sign, reach, rise, out);
    }
    // Rounding to single precision must not lift the background above the image.
    if (isOpening) for (let i = 0; i < out.length; i++) out[i] = sign * Math.min(sign * out[i]!, sign * values[i]!); // same size
  });
}

/** Rise from the apex at |dy|, |dx| up to `reach`; Infinity outside the ball and where it exceeds `range`. */
function ballCap(
  radius: number,
  greyPerPx: number,
  range: number,
  longest: number,
): { readonly reach: number; readonly rise: Float64Array } {
  const riseAt = (x: number, y: number): number => {
    const left = radius * radius - x * x - y * y;
    const rise = left < 0 ? Number.POSITIVE_INFINITY : greyPerPx * (radius - Math.sqrt(left));
    return rise <= range || (x === 0 && y === 0) ? rise : Number.POSITIVE_INFINITY;
  };
  let reach = Math.min(Math.floor(radius), longest - 1);
  while (reach > 0 && riseAt(reach, 0) === Number.POSITIVE_INFINITY) reach--;
  const rise = new Float64Array((reach + 1) * (reach + 1));
  for (let y = 0; y <= reach; y++) for (let x = 0; x <= reach; x++) rise[y * (reach + 1) + x] = riseAt(x, y);
  return { reach, rise };
}
