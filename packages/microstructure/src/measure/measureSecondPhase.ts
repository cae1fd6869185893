import { DataError, type LabelMap, type Raster } from "@materiome/core";
import { lineCrossings } from "../kernels/index.ts";
import { type Region, regionTable } from "../regions/regionTable.ts";
import type { PhaseFraction, PhaseMap } from "./measureField.ts";
import { areaFractionOf, phaseFractionsOf } from "./phaseFractionsOf.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";
import { type DiameterStatistics, diameterStatistics, sizeDistribution } from "./sizeDistribution.ts";

export interface MeasureSecondPhaseOptions {
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
  /** Micrograph behind the labels, for the mean grey of each body. */
  readonly grey?: Raster | undefined;
  /** What the bodies are, "particles" or "pores" say; the rest is called matrix. @defaultValue "particles" */
  readonly phase?: string | undefined;
  /** Several phases: each body belongs to that of its first pixel, and every phase gets its fraction. @defaultValue one */
  readonly phases?: PhaseMap | undefined;
}

interface SecondPhaseCommon {
  readonly width: number;
  readonly height: number;
  /** Bodies of the map, cut ones included. */
  readonly nGrains: number;
  readonly edgeRule: string;
  readonly twinRule: string;
  /** Grain size does not apply: null, as are the directions that there are none of. */
  readonly anisotropyIndex: null;
  readonly interceptByDirection: readonly [];
  readonly grainSizeNumber: null;
  /** The bodies' share of the area, and the matrix's. */
  readonly phaseFractions: readonly PhaseFraction[];
  readonly warnings: readonly string[];
}

/** A calibrated field of particles or pores: lengths in µm. */
export interface CalibratedSecondPhase extends SecondPhaseCommon {
  readonly pixelSizeUm: number;
  readonly meanInterceptUm: null;
  /** Null if the border cuts every body. */
  readonly equivalentDiameterUm: DiameterStatistics | null;
  /** N_A, 1/mm². */
  readonly particlesPerMm2: number;
  /** A_A / N_L; null without a body, as is the free path λ = (1 − A_A) / N_L. */
  readonly meanParticleInterceptUm: number | null;
  readonly meanFreePathUm: number | null;
  /** Interface length per area, (π/2)·2N_L. */
  readonly boundaryLengthDensityPerUm: number;
  /** Interface area per volume, S_V = 4 N_L. */
  readonly surfaceAreaDensityPerUm: number;
}

/** A field of particles or pores without calibration: lengths in pixels. */
export interface UncalibratedSecondPhase extends SecondPhaseCommon {
  readonly pixelSizeUm: null;
  readonly meanInterceptPx: null;
  readonly equivalentDiameterPx: DiameterStatistics | null;
  readonly particlesPerPx2: number;
  readonly meanParticleInterceptPx: number | null;
  readonly meanFreePathPx: number | null;
  readonly boundaryLengthDensityPerPx: number;
  readonly surfaceAreaDensityPerPx: number;
}

export type SecondPhaseMeasurement = CalibratedSecondPhase | UncalibratedSecondPhase;

export interface MeasuredSecondPhase {
  readonly measurement: SecondPhaseMeasurement;
  readonly regions: readonly Region[];
  readonly labels: LabelMap;
  /** Phase of each region; undefined where there is only one. */
  readonly phaseNames?: readonly string[] | undefined;
}

/**
 * Measures bodies in a matrix: area fraction, number per area, size distribution, spacing and interface densities.
 *
 * A_A is the share of pixels, N_A counts bodies not cut by the upper or left border, N_L is the mean over horizontal and
 * vertical test lines (`secondPhaseStatistics`); V_V = A_A, S_V = 4 N_L, interface length per area (π/2)·2 N_L,
 * λ = (1 − A_A) / N_L. Touching bodies with different numbers are different bodies for numbers and sizes; the border
 * between them is no interface to the matrix.
 *
 * @param labels - bodies 1 … n, 0 the matrix
 * @throws DataError for a map without any body; ShapeError for an image of another size
 * @see ASTM E1245-03; E562-19; E. E. Underwood, Quantitative Stereology (1970), §2.2
 * @example
 * const { measurement } = measureSecondPhase(labels, { pixelSizeUm: 0.05, phase: "carbide" });
 */
export function measureSecondPhase(labels: LabelMap, options: MeasureSecondPhaseOptions = {}): MeasuredSecondPhase {
  const { phase = "particles", grey, phases } = options;
  const pixelSizeUm = resolvePixelSize("measureSecondPhase", labels, options.pixelSizeUm);
  const { width, height } = labels;
  const regions = regionTable(labels, grey);
  const isBody = new Uint32Array(width * height);
  let nPixels = 0;
  for (let i = 0; i < isBody.length; i++) if (labels.data[i] !== 0) nPixels += isBody[i] = 1; // as long as the labels
  const nCrossings = [true, false].map((isSteep) => {
    const counts = new Float64Array(3);
    lineCrossings(width, height, isBody, isSteep, 0, 1, counts);
    return counts[1]!; // of three
  });
  const measurement = describeSecondPhase(labels, {
    regions,
    nPixels,
    nCrossings,
    pixelSizeUm,
    phase,
    phaseFractions: phases && phaseFractionsOf(phases, labels),
  });
  const phaseNames = phases && phasesOfRegions(phases, labels, regions);
  return { measurement, regions, labels, phaseNames };
}

/** What `describeSecondPhase` puts together. */
export interface SecondPhaseParts {
  readonly regions: readonly Region[];
  /** Pixels of all bodies. */
  readonly nPixels: number;
  /** Steps from body to matrix or back along all columns, and along all rows. */
  readonly nCrossings: readonly number[];
  readonly pixelSizeUm: number | undefined;
  /** What the bodies are. */
  readonly phase: string;
  /** @defaultValue those of `phase` and the matrix */
  readonly phaseFractions?: readonly PhaseFraction[] | undefined;
}

/**
 * The measurement of bodies in a matrix from its parts, with the warnings that the numbers call for.
 *
 * @throws DataError where there is no body
 */
export function describeSecondPhase(
  { width, height }: Pick<LabelMap, "width" | "height">,
  parts: SecondPhaseParts,
): SecondPhaseMeasurement {
  const { regions, pixelSizeUm, phase } = parts;
  if (regions.length === 0) {
    throw new DataError(
      "measureSecondPhase: the label map is 0 everywhere: no particle or pore was found in the field",
    );
  }
  const scale = pixelSizeUm ?? 1;
  // Each interception has two ends; lines as long as the field, border pixels included.
  const perLength = parts.nCrossings.map((ends) => ends / 2 / (width * height * scale));
  const nL = perLength.reduce((sum, n) => sum + n, 0) / perLength.length;
  const areaFraction = parts.nPixels / (width * height);
  const nCounted = regions.filter(({ minX, minY }) => minX > 0 && minY > 0).length;
  const numberPerArea = nCounted / (width * height * scale * scale);
  const sizes = sizeDistribution(regions, { width, height });
  const diameters = diameterStatistics(sizes, scale);
  const common: SecondPhaseCommon = {
    width,
    height,
    nGrains: regions.length,
    edgeRule:
      "number per area: bodies cut by the upper or left border left out; diameters: cut bodies left out, the others weighted by Miles-Lantuejoul",
    twinRule: "does not apply",
    anisotropyIndex: null,
    interceptByDirection: [],
    grainSizeNumber: null,
    phaseFractions: parts.phaseFractions ?? [
      areaFractionOf(phase, areaFraction),
      areaFractionOf("matrix", 1 - areaFraction),
    ],
    warnings: findWarnings(pixelSizeUm, regions, sizes === null),
  };
  const lengths = {
    meanIntercept: nL > 0 ? areaFraction / nL : null,
    freePath: nL > 0 ? (1 - areaFraction) / nL : null,
    lengthDensity: Math.PI * nL,
    surfaceDensity: 4 * nL,
  };
  return pixelSizeUm === undefined
    ? {
        ...common,
        pixelSizeUm: null,
        meanInterceptPx: null,
        equivalentDiameterPx: diameters,
        particlesPerPx2: numberPerArea,
        meanParticleInterceptPx: lengths.meanIntercept,
        meanFreePathPx: lengths.freePath,
        boundaryLengthDensityPerPx: lengths.lengthDensity,
        surfaceAreaDensityPerPx: lengths.surfaceDensity,
      }
    : {
        ...common,
        pixelSizeUm,
        meanInterceptUm: null,
        equivalentDiameterUm: diameters,
        particlesPerMm2: numberPerArea * 1e6,
        meanParticleInterceptUm: lengths.meanIntercept,
        meanFreePathUm: lengths.freePath,
        boundaryLengthDensityPerUm: lengths.lengthDensity,
        surfaceAreaDensityPerUm: lengths.surfaceDensity,
      };
}

function phasesOfRegions({ map, names }: PhaseMap, labels: LabelMap, regions: readonly Region[]): string[] {
  // The first pixel of a region lies in the first row of its box.
  return regions.map(({ label, minX, minY, maxX }) => {
    const from = minY * labels.width + minX;
    const first = from + labels.data.subarray(from, from + maxX - minX + 1).indexOf(label);
    return names[map.data[first] ?? -1] ?? "";
  });
}

/** Area below which shape and size of a body are mostly pixels, px. */
const SMALL_PX = 12;

function findWarnings(pixelSizeUm: number | undefined, regions: readonly Region[], allCut: boolean): string[] {
  const warnings: string[] = [];
  if (pixelSizeUm === undefined) {
    warnings.push("no calibration: lengths are in pixels; give the pixel size in µm");
  }
  if (allCut) warnings.push("the image border cuts every body: no equivalent diameters");
  const small = regions.filter(({ areaPx }) => areaPx < SMALL_PX).length;
  if (small > regions.length / 5) {
    warnings.push(
      `${small} of ${regions.length} bodies are smaller than ${SMALL_PX} pixels: their sizes are uncertain; use a higher magnification`,
    );
  }
  return warnings;
}
