import type { Raster } from "@materiome/core";
import { type LineTaps, lineRidge } from "@materiome/core/numerics";
import type { Band, BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { gaussianBlur, reflectIndex } from "../kernels/index.ts";

export interface RidgeMap {
  /** Strength of the dark line through each pixel, in grey units; 0 where the image is not valley-like. */
  readonly strength: Float32Array;
  /** Direction of that line, 0 … N_ORIENTATIONS − 1, angle π · o / N_ORIENTATIONS against x. */
  readonly orientation: Uint8Array;
  /** The image smoothed by the Gaussian of σ. */
  readonly smooth: Float32Array;
}

/** Directions tried. */
export const N_ORIENTATIONS = 12;

/**
 * Strength of dark lines of about one width: σ² times the second derivative across the line of the image smoothed by a
 * Gaussian of σ, averaged along the line with a Gaussian of standard deviation 2 σ, largest of 12 orientations.
 *
 * Scaled so that a long straight line of Gaussian profile with standard deviation σ/√2 and depth A gives A. The averaging
 * bridges gaps of about 2 σ and lowers the noise. Of the second derivative along the line, where positive, 0.7 is taken off:
 * round spots (etch pits) curve both ways.
 *
 * @param grey - one channel
 * @param sigmaPx - px, at least 0.7 (the derivatives are pixel differences)
 */
export function ridgeStrength(grey: Raster<Float32Array>, sigmaPx: number): RidgeMap {
  const { width, height } = grey;
  const margin = lineMargin(sigmaPx);
  const pitch = width + 2 * margin;
  const rows = height + 2 * margin;
  const smooth = new Float32Array(width * height);
  gaussianBlur(width, height, grey.data, sigmaPx, new Float32Array(width * height), smooth);
  const padded = new Float32Array(pitch * rows);
  for (let y = 0; y < rows; y++) {
    const row = reflectIndex(y - margin, height) * width;
    for (let x = 0; x < pitch; x++) padded[y * pitch + x] = smooth[row + reflectIndex(x - margin, width)]!; // reflected
  }
  const strength = new Float32Array(width * height);
  const orientation = new Uint8Array(width * height);
  lineRidge({ width, height, margin }, padded, lineTaps(sigmaPx), BLOB_PENALTY, strength, orientation);
  const scale = PEAK * sigmaPx * sigmaPx;
  for (let i = 0; i < strength.length; i++) strength[i]! *= scale; // i < length
  return { strength, orientation, smooth };
}

/**
 * `ridgeStrength` band by band. `visit` gets the maps of the rows `top` … `bottom` − 1 of every band, which has `halo` rows
 * around it.
 */
export function ridgeBands(
  space: BandSpace,
  image: RowReader<Float32Array>,
  sigmaPx: number,
  halo: number,
  visit: (band: Band, ridge: RidgeMap) => void,
): void {
  const { width, height } = space;
  const reach = Math.ceil(4 * sigmaPx) + lineMargin(sigmaPx); // of the Gaussian, and of the line behind it
  for (const band of space.bands(halo)) {
    const first = Math.max(0, band.top - reach);
    const end = Math.min(height, band.bottom + reach);
    const { strength, orientation, smooth } = ridgeStrength(
      { data: image.read(first, end), width, height: end - first, channels: 1 },
      sigmaPx,
    );
    const from = (band.top - first) * width;
    const to = (band.bottom - first) * width;
    visit(band, {
      strength: strength.subarray(from, to),
      orientation: orientation.subarray(from, to),
      smooth: smooth.subarray(from, to),
    });
  }
}

/**
 * Standard deviation of `ridgeStrength` in one orientation where the image is white noise of standard deviation 1:
 * PEAK · σ² · √(3 / (16 π σ⁵ L)), L = √5 σ the standard deviation of the filter along the line.
 */
export function ridgeNoiseGain(sigmaPx: number): number {
  const along = Math.sqrt(1 + LENGTH * LENGTH) * sigmaPx;
  return PEAK * sigmaPx ** 2 * Math.sqrt(3 / (16 * Math.PI * sigmaPx ** 5 * along));
}

/** Share of the curvature along the line that is taken off: suppresses etch pits, and thins junctions a little. */
const BLOB_PENALTY = 0.7;
/** Standard deviation of the average along the line, in units of σ. */
const LENGTH = 2;
/** Taps at −4 σ … 4 σ in steps of σ: the smoothed image holds nothing finer. */
const REACH = 4;
/** (1 + σ²/w²)^1.5 · w²/σ² at w = σ/√2. */
const PEAK = 3 ** 1.5 / 2;

/** Weights and offsets of the taps on one side, the pixel itself first. */
function lineTaps(sigma: number): LineTaps {
  const nTaps = REACH + 1;
  const weights = Float64Array.from({ length: nTaps }, (_, k) => Math.exp(-0.5 * (k / LENGTH) ** 2));
  const sum = weights.reduce((total, w, k) => total + (k === 0 ? w : 2 * w), 0);
  for (let k = 0; k < nTaps; k++) weights[k]! /= sum; // k < nTaps
  const offsetsX = new Int32Array(N_ORIENTATIONS * nTaps);
  const offsetsY = new Int32Array(N_ORIENTATIONS * nTaps);
  for (let o = 0; o < N_ORIENTATIONS; o++) {
    const angle = (Math.PI * o) / N_ORIENTATIONS;
    for (let k = 0; k < nTaps; k++) {
      offsetsX[o * nTaps + k] = Math.round(k * sigma * Math.cos(angle));
      offsetsY[o * nTaps + k] = Math.round(k * sigma * Math.sin(angle));
    }
  }
  return { nOrientations: N_ORIENTATIONS, weights, offsetsX, offsetsY };
}

function lineMargin(sigma: number): number {
  return Math.ceil(REACH * sigma) + 2;
}
