import { DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import { distanceTransformSquared } from "../kernels/index.ts";

export interface BoundaryScore {
  readonly f1: number;
  /** Share of predicted boundary pixels within the tolerance of a true one. */
  readonly precision: number;
  /** Share of true boundary pixels within the tolerance of a predicted one. */
  readonly recall: number;
}

/**
 * How well two boundary maps agree: F1 of the pixels that lie within a tolerance of the other map.
 *
 * F1 = 2PR / (P + R) by Euclidean distance between pixel centres. Pixels may share a partner, so line thickness weighs in
 * neither direction as long as it stays below the tolerance.
 *
 * @param predicted - non-zero on a boundary; from a label map by `boundaryMask`
 * @param truth - likewise, same size
 * @param tolerancePx - ≥ 0
 * @throws ShapeError for maps of different size; DataError for one without boundaries; DomainError for the tolerance
 * @see D. Martin, C. Fowlkes, J. Malik, IEEE Trans. PAMI 26, 530 (2004), doi:10.1109/TPAMI.2004.1273918 (who match one to one)
 * @example
 * const { f1 } = boundaryF1(boundaryMask(labels), handTrace, 3);
 */
export function boundaryF1(
  predicted: Raster<Uint8Array>,
  truth: Raster<Uint8Array>,
  tolerancePx: number,
): BoundaryScore {
  if (predicted.width !== truth.width || predicted.height !== truth.height) {
    throw new ShapeError(
      `boundaryF1: predicted is ${predicted.width} × ${predicted.height}, truth ${truth.width} × ${truth.height}; they must be equal`,
    );
  }
  if (!(tolerancePx >= 0)) throw new DomainError(`boundaryF1: tolerancePx must be at least 0, got ${tolerancePx}`);
  const precision = shareNear("predicted", predicted, truth, tolerancePx);
  const recall = shareNear("truth", truth, predicted, tolerancePx);
  return { f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), precision, recall };
}

function shareNear(name: string, of: Raster<Uint8Array>, to: Raster<Uint8Array>, tolerancePx: number): number {
  const squared = new Float32Array(to.data.length);
  distanceTransformSquared(to.width, to.height, to.data, squared);
  let all = 0;
  let near = 0;
  for (let i = 0; i < squared.length; i++) {
    if (of.data[i] === 0) continue;
    all++;
    if (squared[i]! <= tolerancePx * tolerancePx + 1e-6) near++; // i < length
  }
  if (all === 0) throw new DataError(`boundaryF1: ${name} holds no boundary pixel`);
  return near / all;
}
