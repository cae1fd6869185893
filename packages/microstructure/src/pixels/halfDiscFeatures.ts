import { addSideDifferences, binSquares } from "../kernels/index.ts";
import { type DirectedOptions, directedNames, directedReach, emitDirected } from "./directedFeatures.ts";
import type { FeatureGroup } from "./featureGroup.ts";
import type { FeatureWindow } from "./featureWindow.ts";
import { flatOffset, N_DIRECTIONS } from "./lineOffsets.ts";

/**
 * Width of the bins of the histograms, in the unit of the planes: 8 of CIELAB, a sixth of the range of grey, or a sixth of the standard
 * deviation of grey that was standardised.
 */
const STEP = 0.16;
/** Values beyond share the last bins: CIELAB ends at 2.6; of standardised grey few odd pixels lie farther. */
const MOST = 4;

/**
 * How much the histograms on both sides of a line through the pixel differ, for lines in eight directions: ½ Σ (A − B)² / (A + B) over
 * the bins of both sides, each normed to 1, averaged over the planes; 0 … 1. A side is the part of a disc of radius `radiusPx` beyond 22.5°
 * from the line, sampled by squares at 0.45 and 0.8 of the radius in six directions. Tells textures and speckled colours apart whose
 * means are equal, and is not moved by single odd pixels.
 *
 * @see Martin, Fowlkes & Malik, IEEE Trans. PAMI 26, 530 (2004), doi:10.1109/TPAMI.2004.1273918
 */
export function halfDiscFeatures(label: string, radiusPx: number): FeatureGroup {
  const options: DirectedOptions = { acrossPx: [2, 4], alongPx: [6], relativeToPx: [12] };
  return {
    haloPx: radiusPx + squareReach(radiusPx) + directedReach(options),
    names: directedNames(`${label} half discs ${radiusPx}`, options),
    compute: (window, emit) => emitDirected(window, halfDiscResponses(window, radiusPx), options, emit),
  };
}

function halfDiscResponses({ width, height, planes }: FeatureWindow, radiusPx: number): Float32Array[] {
  const size = width * height;
  const responses = Array.from({ length: N_DIRECTIONS }, () => new Float32Array(size));
  const reach = squareReach(radiusPx);
  const [inner, outer] = [0.45, 0.8].map((share) => sectorOffsets(share * radiusPx, width)) as [Int32Array, Int32Array];
  const margin = Math.max(...inner.map(Math.abs), ...outer.map(Math.abs));
  const above = new Int32Array((width + 1) * (height + 1));
  const squares = new Int32Array(size);
  const sums = new Int32Array(2 * N_DIRECTIONS);
  for (const plane of planes) {
    let least = Number.POSITIVE_INFINITY;
    let largest = Number.NEGATIVE_INFINITY;
    for (const value of plane) {
      const kept = Math.max(-MOST, Math.min(MOST, value));
      if (kept < least) least = kept;
      if (kept > largest) largest = kept;
    }
    for (let bin = Math.floor(least / STEP); bin <= Math.floor(largest / STEP) + 1; bin++) {
      if (!binSquares(width, height, plane, STEP, bin, MOST, reach, above, squares)) continue;
      addSideDifferences(size, margin, squares, inner, outer, sums, responses);
    }
  }
  // Two squares in each of the sectors of a side but the two that touch the line.
  const perSide = 256 * 2 * (N_DIRECTIONS - 2) * (2 * reach + 1) ** 2;
  for (const response of responses) for (let i = 0; i < size; i++) response[i]! /= 2 * perSide * planes.length; // i < size
  return responses;
}

/** Half-width of the squares, px. */
function squareReach(radiusPx: number): number {
  return Math.max(1, Math.round(radiusPx / 5));
}

/** Flat offsets of the pixels nearest to the middles of the sectors between two directions each. */
function sectorOffsets(distancePx: number, width: number): Int32Array {
  return Int32Array.from({ length: 2 * N_DIRECTIONS }, (_, s) => flatOffset(s + 0.5, distancePx, 0, width));
}
