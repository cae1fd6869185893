import { DataError, DomainError, type LabelMap } from "@materiome/core";
import { lineCrossings } from "../kernels/index.ts";
import { grainSizeFromIntercept } from "./grainSizeNumber.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

export interface MatrixInterceptOptions {
  /** Directions of the test lines, multiples of 45°. @defaultValue [0, 45, 90, 135] */
  readonly directionsDeg?: readonly number[] | undefined;
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
}

export interface MatrixIntercept {
  /** V_V of the matrix: its share of the area. */
  readonly volumeFraction: number;
  /** N: matrix grains intercepted; pieces at line ends and at second phase are whole or half as their two ends are. */
  readonly nIntercepts: number;
  /** Matrix grain boundaries crossed, and borders between matrix and second phase. */
  readonly nMatrixBoundaries: number;
  readonly nPhaseBorders: number;
  readonly lineLengthPx: number;
  /** ℓ̄ = V_V · L_T / N. */
  readonly meanInterceptPx: number;
  /** λ = V_V · L_T / (P / 2), the mean distance between second-phase bodies; null without any. */
  readonly meanFreePathPx: number | null;
  /** Absent without calibration, as is G. */
  readonly meanInterceptUm?: number | undefined;
  readonly meanFreePathUm?: number | null | undefined;
  readonly G?: number | undefined;
}

/**
 * Grain size of the matrix of a two-phase structure: ℓ̄_α = V_V · L_T / N_α, and the mean free path between the bodies of
 * the second phase, λ = (1 − V_V,β) / N_L,β.
 *
 * Test lines run through all pixel centres of each direction. A piece of line in a matrix grain has two ends; ends at a
 * matrix boundary or at second phase count one half each, line ends nothing, so that N_α = P_αα + P_αβ / 2.
 *
 * @param labels - matrix grains 1 … n with boundaries of zero thickness; 0 is the second phase, excluded
 * @throws DomainError for directions that are no multiples of 45°
 * @throws DataError for a map without matrix, or where no line leaves a grain
 * @see ASTM E112-13 §17 (two or more phases: volume fraction and mean intercept of a phase); E1245-03 (mean free path);
 *   E. E. Underwood, Quantitative Stereology (1970), ch. 4
 * @example
 * const { G } = matrixIntercept(ferriteLabels, { pixelSizeUm: 0.225 });
 */
export function matrixIntercept(labels: LabelMap, options: MatrixInterceptOptions = {}): MatrixIntercept {
  const directions = options.directionsDeg ?? [0, 45, 90, 135];
  const pixelSizeUm = resolvePixelSize("matrixIntercept", labels, options.pixelSizeUm);
  const { width, height, data } = labels;
  if (directions.length === 0 || !directions.every((angle) => Number.isInteger(angle / 45))) {
    throw new DomainError(
      `matrixIntercept: directionsDeg must hold multiples of 45, at least one, got [${directions.join(", ")}]`,
    );
  }
  const nMatrix = data.reduce((n, label) => (label === 0 ? n : n + 1), 0);
  if (nMatrix === 0) throw new DataError("matrixIntercept: the label map is 0 everywhere; it shows no matrix grain");
  const volumeFraction = nMatrix / data.length;
  let [lineLengthPx, nMatrixBoundaries, nPhaseBorders] = [0, 0, 0];
  const counts = new Float64Array(3);
  for (const angle of directions) {
    const turn = (((angle / 45) % 4) + 4) % 4; // 0 horizontal, 1 rising, 2 vertical, 3 falling
    const slope = turn === 1 ? -1 : turn === 3 ? 1 : 0;
    lineCrossings(width, height, data, turn === 2, slope, 1, counts);
    const [steps = 0, changes = 0, toSecond = 0] = counts;
    lineLengthPx += steps * (slope === 0 ? 1 : Math.SQRT2);
    nMatrixBoundaries += changes - toSecond;
    nPhaseBorders += toSecond;
  }
  const nIntercepts = nMatrixBoundaries + nPhaseBorders / 2;
  if (nIntercepts === 0) {
    throw new DataError(
      `matrixIntercept: no test line of the ${width} × ${height} map leaves a grain; it shows only one`,
    );
  }
  const meanInterceptPx = (volumeFraction * lineLengthPx) / nIntercepts;
  const meanFreePathPx = nPhaseBorders === 0 ? null : (volumeFraction * lineLengthPx) / (nPhaseBorders / 2);
  const result: MatrixIntercept = {
    volumeFraction,
    nIntercepts,
    nMatrixBoundaries,
    nPhaseBorders,
    lineLengthPx,
    meanInterceptPx,
    meanFreePathPx,
  };
  if (pixelSizeUm === undefined) return result;
  const meanInterceptUm = meanInterceptPx * pixelSizeUm;
  return {
    ...result,
    meanInterceptUm,
    meanFreePathUm: meanFreePathPx === null ? null : meanFreePathPx * pixelSizeUm,
    G: grainSizeFromIntercept(meanInterceptUm),
  };
}
