import { DataError, DomainError, type Raster } from "@materiome/core";
import { distanceTransformSquared, matchPixels } from "../kernels/index.ts";
import { requireSameSize } from "./sameSize.ts";

export interface BoundaryScore {
  readonly f1: number;
  /** Share of predicted boundary pixels that have a partner among the true ones. */
  readonly precision: number;
  /** Share of true boundary pixels that have a partner among the predicted ones. */
  readonly recall: number;
  /** Boundary pixels of each map and how many of them have a partner: sums of these pool several fields. */
  readonly nPredicted: number;
  readonly nTrue: number;
  readonly nPredictedNear: number;
  readonly nTrueNear: number;
}

export interface BoundaryF1Options {
  /**
   * "shared": a pixel is right if any pixel of the other map is near, several may share one. "one-to-one": each pixel
   * has at most one partner (largest matching), so that thick or doubled lines cost precision. @defaultValue "shared"
   */
  readonly matching?: "shared" | "one-to-one" | undefined;
}

/**
 * How well two boundary maps agree: F1 of the pixels that lie within a tolerance of the other map.
 *
 * F1 = 2PR / (P + R) by Euclidean distance between pixel centres. With shared partners line thickness weighs in
 * neither direction as long as it stays below the tolerance.
 *
 * @param predicted - non-zero on a boundary; from a label map by `boundaryMask`
 * @param truth - likewise, same size
 * @param tolerancePx - ≥ 0; at most 30 for one-to-one matching
 * @throws ShapeError for maps of different size; DataError for one without boundaries; DomainError for the tolerance
 * @see D. Martin, C. Fowlkes, J. Malik, IEEE Trans. PAMI 26, 530 (2004), doi:10.1109/TPAMI.2004.1273918 (who match one to one)
 * @example
 * const { f1 } = boundaryF1(boundaryMask(labels), handTrace, 3);
 */
export function boundaryF1(
  predicted: Raster<Uint8Array>,
  truth: Raster<Uint8Array>,
  tolerancePx: number,
  options: BoundaryF1Options = {},
): BoundaryScore {
  requireSameSize("boundaryF1", predicted, truth);
  const isOneToOne = options.matching === "one-to-one";
  if (!(tolerancePx >= 0 && (!isOneToOne || tolerancePx <= 30))) {
    throw new DomainError(
      `boundaryF1: tolerancePx must be at least 0${isOneToOne ? " and at most 30 for one-to-one matching" : ""}, got ${tolerancePx}`,
    );
  }
  const nPredicted = countSet("predicted", predicted);
  const nTrue = countSet("truth", truth);
  const matched = isOneToOne ? countPairs(predicted, truth, tolerancePx) : undefined;
  const nPredictedNear = matched ?? countNear(predicted, truth, tolerancePx);
  const nTrueNear = matched ?? countNear(truth, predicted, tolerancePx);
  const precision = nPredictedNear / nPredicted;
  const recall = nTrueNear / nTrue;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { f1, precision, recall, nPredicted, nTrue, nPredictedNear, nTrueNear };
}

function countSet(name: string, { data }: Raster<Uint8Array>): number {
  let n = 0;
  for (const value of data) if (value !== 0) n++;
  if (n === 0) throw new DataError(`boundaryF1: ${name} holds no boundary pixel`);
  return n;
}

function countNear(of: Raster<Uint8Array>, to: Raster<Uint8Array>, tolerancePx: number): number {
  const squared = new Float32Array(to.data.length);
  distanceTransformSquared(to.width, to.height, to.data, squared);
  let near = 0;
  for (let i = 0; i < squared.length; i++) {
    if (of.data[i] !== 0 && squared[i]! <= tolerancePx * tolerancePx + 1e-6) near++; // i < length
  }
  return near;
}

function countPairs(a: Raster<Uint8Array>, b: Raster<Uint8Array>, tolerancePx: number): number {
  const reach = Math.floor(tolerancePx);
  const offsets: [number, number][] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (dx * dx + dy * dy <= tolerancePx * tolerancePx + 1e-6) offsets.push([dx, dy]);
    }
  }
  offsets.sort((p, q) => Math.hypot(...p) - Math.hypot(...q));
  const dx = Int32Array.from(offsets, ([x]) => x);
  const dy = Int32Array.from(offsets, ([, y]) => y);
  const partners = new Int32Array(a.data.length);
  return matchPixels(a.width, a.height, a.data, b.data, dx, dy, partners, new Int32Array(partners.length));
}
