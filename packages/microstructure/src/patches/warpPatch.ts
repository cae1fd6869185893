import { createRaster, type Raster } from "@materiome/core";
import { gaussianBlur, reflectedWindow, warpCoordinates, warpLinear, warpNearest } from "../kernels/index.ts";
import type { Displacement } from "./elasticDisplacement.ts";
import { IGNORED_CODE, type Patch } from "./patch.ts";
import { mapPlanes } from "./planes.ts";

/** Where the pixels of a patch come from, all geometric steps in one: source = centre + matrix · (pixel − middle + displacement). */
export interface Warp {
  /** [xx, xy, yx, yy], source px per px of the patch; y down. */
  readonly matrix: readonly [number, number, number, number];
  /** Before the matrix, px of the patch; absent: none. */
  readonly displacement?: Displacement | undefined;
}

/** Size of a patch, and the place of the source in its middle. */
export interface WarpRegion {
  readonly width: number;
  readonly height: number;
  readonly centreX: number;
  readonly centreY: number;
}

/**
 * Cuts a patch of `width` × `height` about a place of an image, bent by a warp. Image and values are interpolated linearly, once,
 * whatever the warp is composed of (smoothed first where it shrinks the image); codes are taken from the pixel in which a place
 * lies, so none arises that was not there.
 *
 * Beyond the border the image goes on reflected: a net must see something there, and what it sees should look like the image. Codes
 * are unknown there: reflected ones would teach grains with a mirror plane, and count pixels at the border twice.
 *
 * @param ignoredCode - code of unknown pixels in the source
 */
export function warpPatch(source: Patch, warp: Warp, region: WarpRegion, ignoredCode: number = IGNORED_CODE): Patch {
  const { width, height } = region;
  const places = placesOf(warp, region);
  const { xs, ys } = places;
  const n = width * height;
  const codes = new Uint8Array(n);
  warpNearest(source.codes.width, source.codes.height, source.codes.data, IGNORED_CODE, n, xs, ys, codes);
  if (ignoredCode !== IGNORED_CODE) {
    for (let i = 0; i < n; i++) if (codes[i] === ignoredCode) codes[i] = IGNORED_CODE;
  }
  return {
    image: interpolated(source.image, places),
    codes: createRaster(codes, width, height),
    ...(source.values === undefined ? {} : { values: interpolated(source.values, places) }),
  };
}

/** The image alone, as `warpPatch` cuts it. */
export function warpImage(image: Raster<Float32Array>, warp: Warp, region: WarpRegion): Raster<Float32Array> {
  return interpolated(image, placesOf(warp, region));
}

/** Where the pixels of a region lie in the source, and how far it is made smaller. */
interface Places {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly shrink: number;
  readonly width: number;
  readonly height: number;
}

function placesOf(warp: Warp, { width, height, centreX, centreY }: WarpRegion): Places {
  const [xx, xy, yx, yy] = warp.matrix;
  const none = new Float32Array(0);
  const xs = new Float64Array(width * height);
  const ys = new Float64Array(width * height);
  const { x: dx, y: dy } = warp.displacement ?? { x: none, y: none };
  warpCoordinates(width, height, xx, xy, yx, yy, centreX, centreY, dx, dy, xs, ys);
  return { xs, ys, shrink: largestScale(warp.matrix), width, height };
}

function interpolated(image: Raster<Float32Array>, places: Places): Raster<Float32Array> {
  const { xs, ys, shrink, width, height } = places;
  const { channels } = image;
  const out = new Float32Array(width * height * channels);
  if (shrink > 1.05) interpolateSmoothed(image, shrink, xs, ys, out);
  else warpLinear(image.width, image.height, channels, image.data, width * height, xs, ys, out);
  return createRaster(out, width, height, { channels });
}

/** Largest stretch by the matrix: its larger singular value. */
function largestScale([a, b, c, d]: Warp["matrix"]): number {
  return (Math.hypot(a + d, b - c) + Math.hypot(a - d, b + c)) / 2;
}

/** As where images are made smaller elsewhere (`resampleRaster`): a Gaussian of √(s² − 1) / 2 px, on the part that is needed. */
function interpolateSmoothed(
  image: Raster<Float32Array>,
  shrink: number,
  xs: Float64Array,
  ys: Float64Array,
  out: Float32Array,
): void {
  const { channels } = image;
  const sigma = 0.5 * Math.sqrt(shrink * shrink - 1);
  const margin = Math.ceil(4 * sigma) + 1;
  const left = Math.floor(extreme(xs, -1)) - margin;
  const top = Math.floor(extreme(ys, -1)) - margin;
  const width = Math.ceil(extreme(xs, 1)) + margin - left + 1;
  const height = Math.ceil(extreme(ys, 1)) + margin - top + 1;
  const window = new Float32Array(width * height * channels);
  reflectedWindow(image.width, image.height, channels, image.data, left, top, width, height, window);
  const scratch = new Float32Array(width * height);
  const smooth = mapPlanes(createRaster(window, width, height, { channels }), (plane, blurred) => {
    gaussianBlur(width, height, plane, sigma, scratch, blurred);
  });
  const inWindow = (places: Float64Array, from: number): Float64Array => {
    const moved = new Float64Array(places.length);
    for (let i = 0; i < moved.length; i++) moved[i] = places[i]! - from; // of one length
    return moved;
  };
  warpLinear(width, height, channels, smooth.data, xs.length, inWindow(xs, left), inWindow(ys, top), out);
}

/** The largest (sign 1) or smallest (sign −1) value. */
function extreme(values: Float64Array, sign: 1 | -1): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) most = Math.max(most, sign * values[i]!); // i < length
  return sign * most;
}
