import type { LabelMap, Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { layerThicknessBands } from "./layerThicknessBands.ts";

export interface LayerThicknessOptions {
  /** Label of the layer in a label map; 0 would be background. @defaultValue every label but 0 */
  readonly label?: number | undefined;
  /** Whether holes inside the layer belong to it. @defaultValue true */
  readonly fillHoles?: boolean | undefined;
  /** Pieces smaller than this share of the largest are left out. @defaultValue 0.02 */
  readonly minPieceShare?: number | undefined;
  /** Whether the layer should reach from border to border: gaps at the ends then count as uncovered. @defaultValue true */
  readonly spansField?: boolean | undefined;
  /**
   * Cut-off wavelength between roughness and waviness, px. @defaultValue five mean thicknesses, at most the length of the
   * piece
   */
  readonly cutoffPx?: number | undefined;
}

/** Lengths of a layer, in the unit that the field holding them names. */
export interface LayerLengths {
  /** Length of the mid-line measured. */
  readonly length: number;
  /** Mean, standard deviation and extremes of the thickness perpendicular to the mid-line. */
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Mean diameter of the largest circle inside the layer around each point of the mid-line: below `mean` where edges are rough. */
  readonly meanInscribed: number;
  /** Arithmetic mean roughness Ra of the upper and lower interface. */
  readonly upperRa: number;
  readonly lowerRa: number;
  /** Root-mean-square roughness Rq. */
  readonly upperRq: number;
  readonly lowerRq: number;
}

export interface LayerMeasurement {
  readonly inPx: LayerLengths;
  /** Absent without calibration. */
  readonly inUm?: LayerLengths | undefined;
  /** Share of the way along the layer that it covers, 0 … 1. */
  readonly coverage: number;
  readonly nPieces: number;
  /** Breaks between pieces, and at the ends where the layer should span the field. */
  readonly nInterruptions: number;
  /** Every pixel along the mid-line: place, thickness and the two parts of it, px; NaN where the layer runs out of the image. */
  readonly profile: {
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly thicknessPx: Float64Array;
    readonly upperPx: Float64Array;
    readonly lowerPx: Float64Array;
    /** Piece of each point, 0 … nPieces − 1. */
    readonly piece: Uint32Array;
  };
  readonly warnings: readonly string[];
}

/**
 * Thickness along a layer (oxide scale, coating, diffusion zone), straight or curved, with the roughness of both interfaces.
 *
 * The mid-line of each piece is the longest way through its skeleton, smoothed over half the mean thickness. At every pixel along it two
 * rays at right angles go to the edges, found between pixels; their sum is the local thickness. `meanInscribed` is twice the
 * exact Euclidean distance from the mid-line to the nearest edge, the second answer to the same question.
 *
 * Roughness: distances of each interface from the mid-line filtered with the Gaussian of ISO 16610-21 (cut-off λc: a wave of that
 * length passes by half), mean and slope removed; Ra = mean |z|, Rq = √(mean z²) (ISO 21920-2). What is longer than λc counts as the
 * shape of the layer. Upper is the side of smaller y; for layers that run more vertical, the right side.
 *
 * @param layer - mask (non-zero is the layer) or label map
 * @throws DataError where there is no layer or nothing long enough to have a mid-line
 * @throws DomainError for options out of range
 * @see ISO 1463 (microscopical measurement of coating thickness)
 * @example
 * const { inUm, coverage } = layerThickness(oxideMask);
 */
export function layerThickness(
  layer: Raster<Uint8Array> | LabelMap,
  options: LayerThicknessOptions = {},
): LayerMeasurement {
  const { width, height, data, pixelSizeUm } = layer;
  const rows =
    data instanceof Uint8Array ? memoryStore("uint8", width, height, data) : memoryStore("uint32", width, height, data);
  return layerThicknessBands(bandSpace(width, height), rows, { ...options, pixelSizeUm });
}
