import { createRaster, DataError, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { connectedComponents, lineCrossings, markNonZero } from "../kernels/index.ts";
import { regionTable } from "../regions/regionTable.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

export interface SecondPhaseStatisticsOptions {
  /** Direction of deformation, 0 or 90°; test lines run square to it. @defaultValue 0 */
  readonly deformationAxisDeg?: 0 | 90 | undefined;
  /** Whether pixels that touch at a corner are one body. @defaultValue 8 */
  readonly connectivity?: 4 | 8 | undefined;
  /** Edge of a pixel, µm. @defaultValue that of the mask */
  readonly pixelSizeUm?: number | undefined;
}

/** Stereological parameters of one field; lengths in µm, or in px without calibration (`unit` says which). */
export interface SecondPhaseStatistics {
  readonly unit: "um" | "px";
  /** Bodies in the field, and those counted for N_A: not cut by the upper or left border. */
  readonly nBodies: number;
  readonly nCounted: number;
  /** A_A = V_V, 0 … 1. */
  readonly areaFraction: number;
  /** N_A, per unit². */
  readonly bodiesPerArea: number;
  /** Ā = A_A / N_A; null without a counted body, as are the other quotients. */
  readonly meanArea: number | null;
  /** N_L, interceptions per unit of test line square to the axis. */
  readonly interceptionsPerLength: number;
  /** L̄ = N_L / N_A: mean length of a body along the axis. */
  readonly meanLength: number | null;
  /** A_A / N_L: mean intercept square to the axis. */
  readonly meanIntercept: number | null;
  /** λ = (1 − A_A) / N_L: mean free distance between bodies square to the axis. */
  readonly meanFreePath: number | null;
  /** Labels of the bodies, for `findStringers` and `regionTable`. */
  readonly labels: LabelMap;
}

/**
 * Amount, number, size and spacing of inclusions or second-phase bodies in one field. Fields are pooled by `meanInterval`.
 *
 * A body belongs to the field that holds its upper left part: those cut by the upper or left border are left out of N_A,
 * those cut by the others counted, so that in the mean each counts once.
 *
 * @param mask - other than 0 is the phase
 * @throws DomainError for an axis other than 0 or 90
 * @throws DataError for a mask without pixels
 * @see ASTM E1245-03, calculation of A_A, N_A, N_L, Ā, L̄ and λ
 * @example
 * const { areaFraction, meanFreePath } = secondPhaseStatistics(inclusions, { pixelSizeUm: 0.5 });
 */
export function secondPhaseStatistics(
  mask: Raster<Uint8Array>,
  options: SecondPhaseStatisticsOptions = {},
): SecondPhaseStatistics {
  const { deformationAxisDeg = 0, connectivity = 8 } = options;
  const pixelSizeUm = resolvePixelSize("secondPhaseStatistics", mask, options.pixelSizeUm);
  if (deformationAxisDeg !== 0 && deformationAxisDeg !== 90) {
    throw new DomainError(`secondPhaseStatistics: deformationAxisDeg must be 0 or 90, got ${deformationAxisDeg}`);
  }
  const { width, height } = mask;
  if (width * height === 0) throw new DataError("secondPhaseStatistics: the mask has no pixels");
  const isPhase = new Uint8Array(width * height);
  markNonZero(isPhase.length, mask.data, isPhase);
  const data = new Uint32Array(isPhase.length);
  const nBodies = connectedComponents(width, height, isPhase, connectivity, data);
  const labels = createRaster(data, width, height, { pixelSizeUm });
  const nCounted = regionTable(labels).filter(({ minX, minY }) => minX > 0 && minY > 0).length;
  const counts = new Float64Array(3);
  lineCrossings(width, height, new Uint32Array(isPhase), deformationAxisDeg === 0, 0, 1, counts);
  const scale = pixelSizeUm ?? 1;
  // Each interception has two ends; lines as long as the field, border pixels included.
  const interceptionsPerLength = (counts[2] ?? 0) / 2 / (width * height * scale);
  const areaFraction = isPhase.reduce((sum, value) => sum + value, 0) / isPhase.length;
  const bodiesPerArea = nCounted / (width * height * scale * scale);
  const over = (a: number, b: number): number | null => (b > 0 ? a / b : null);
  return {
    unit: pixelSizeUm === undefined ? "px" : "um",
    nBodies,
    nCounted,
    areaFraction,
    bodiesPerArea,
    meanArea: over(areaFraction, bodiesPerArea),
    interceptionsPerLength,
    meanLength: over(interceptionsPerLength, bodiesPerArea),
    meanIntercept: over(areaFraction, interceptionsPerLength),
    meanFreePath: over(1 - areaFraction, interceptionsPerLength),
    labels,
  };
}
