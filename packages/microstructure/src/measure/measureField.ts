import { DataError, type LabelMap, type Raster } from "@materiome/core";
import { absorbBoundaries } from "../regions/absorbBoundaries.ts";
import { type Region, regionTable } from "../regions/regionTable.ts";
import { type UnlabelledArea, unlabelledArea } from "../regions/unlabelledArea.ts";
import { type InterceptGrainSize, type InterceptGrainSizeOptions, interceptGrainSize } from "./interceptGrainSize.ts";
import { phaseFractionsOf } from "./phaseFractionsOf.ts";
import { type PlanimetricGrainSize, planimetricGrainSize } from "./planimetricGrainSize.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";
import {
  type DiameterStatistics,
  diameterStatistics,
  type SizeDistribution,
  sizeDistribution,
} from "./sizeDistribution.ts";

/** Phase of every pixel: an index of `names`. */
export interface PhaseMap {
  readonly map: Raster<Uint8Array>;
  readonly names: readonly string[];
}

export interface MeasureFieldOptions extends InterceptGrainSizeOptions {
  /** Micrograph behind the labels, for the mean grey of each grain. */
  readonly grey?: Raster | undefined;
  /** For the phase fractions. */
  readonly phases?: PhaseMap | undefined;
  /** What was done with twins, in words, for the record. @defaultValue twin boundaries count as grain boundaries */
  readonly twinRule?: string | undefined;
}

interface FieldCommon {
  readonly width: number;
  readonly height: number;
  /** Regions of the map, cut ones included. */
  readonly nGrains: number;
  readonly edgeRule: string;
  readonly twinRule: string;
  /** Largest over smallest directional intercept. */
  readonly anisotropyIndex: number | null;
  readonly phaseFractions: readonly PhaseFraction[];
  readonly warnings: readonly string[];
}

export interface PhaseFraction {
  readonly phase: string;
  readonly fraction: number;
  /** 95 % interval over fields; null for one. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly method: string;
}

/** Measurements of a calibrated field: lengths in µm. */
export interface CalibratedField extends FieldCommon {
  readonly pixelSizeUm: number;
  readonly meanInterceptUm: number;
  readonly interceptByDirection: readonly {
    readonly angleDeg: number;
    readonly meanUm: number | null;
    readonly n: number;
  }[];
  readonly grainSizeNumber: {
    readonly intercept: InterceptCounts & { readonly G: number; readonly lineLengthUm: number };
    /** `gradeNa` is N_A, grains per mm². */
    readonly planimetric: PlanimetricCounts & { readonly G: number; readonly gradeNa: number };
  };
  /** Null if the border cuts every grain. */
  readonly equivalentDiameterUm: DiameterStatistics | null;
  /** Boundary length per area, π/(2ℓ̄). */
  readonly boundaryLengthDensityPerUm: number;
  /** Boundary area per volume, S_V = 2/ℓ̄. */
  readonly surfaceAreaDensityPerUm: number;
}

/** Measurements of a field without calibration: lengths in pixels, no grain size number. */
export interface UncalibratedField extends FieldCommon {
  readonly pixelSizeUm: null;
  readonly meanInterceptPx: number;
  readonly interceptByDirection: readonly {
    readonly angleDeg: number;
    readonly meanPx: number | null;
    readonly n: number;
  }[];
  readonly grainSizeNumber: {
    readonly intercept: InterceptCounts & { readonly G: null; readonly lineLengthPx: number };
    readonly planimetric: PlanimetricCounts & { readonly G: null; readonly gradeNa: null };
  };
  readonly equivalentDiameterPx: DiameterStatistics | null;
  readonly boundaryLengthDensityPerPx: number;
  readonly surfaceAreaDensityPerPx: number;
}

interface InterceptCounts {
  readonly nIntercepts: number;
  readonly nIntersections: number;
  /** Intercepts on lines one mean intercept apart. */
  readonly nIndependent: number;
  /** A confidence interval needs several fields (`poolFields`). */
  readonly ciLow: null;
  readonly ciHigh: null;
}

interface PlanimetricCounts {
  readonly nInside: number;
  readonly nEdge: number;
}

/** One field of a specimen, as `summary.json` lists it under `images`. */
export type FieldMeasurement = CalibratedField | UncalibratedField;

export interface MeasuredField {
  readonly measurement: FieldMeasurement;
  /** All regions in pixels; see `grainTableCsv`. */
  readonly regions: readonly Region[];
  /** The map measured: that given, with boundary pixels shared out among the grains. */
  readonly labels: LabelMap;
}

/**
 * All grain measurements of one label map: intercept and planimetric grain size, size distribution, boundary densities.
 *
 * Boundary pixels (0) are first given to their nearest grain, so boundaries have zero thickness and filled islands are
 * absorbed (`absorbBoundaries`). Zeros in areas wider than max(6 px, half the root of the mean grain area) are no boundary:
 * there is a warning where they cover more than 2 % of the picture or one of them half a mean grain, and a refusal
 * above 20 %. Surface density S_V = 2 P_L and boundary length per area B_A = (π/2) P_L with
 * P_L = 1/ℓ̄ (E. E. Underwood, Quantitative Stereology, 1970).
 *
 * @param labels - grains 1 … n, 0 boundary
 * @param options - calibration, test lines, image
 * @throws DataError for a map with a single grain or none, or one that is 0 in wide areas on more than a fifth of the
 *   picture; DomainError for options out of range; ShapeError for an image
 *   of another size
 * @see ASTM E112-13 §11 to §13, §15, §16
 * @example
 * const { measurement } = measureField(labels, { pixelSizeUm: 0.5 });
 */
export function measureField(labels: LabelMap, options: MeasureFieldOptions = {}): MeasuredField {
  const pixelSizeUm = resolvePixelSize("measureField", labels, options.pixelSizeUm);
  const unlabelled = unlabelledArea(labels);
  if (unlabelled !== undefined && unlabelled.share > UNLABELLED_REFUSED) {
    throw new DataError(
      `measureField: ${unlabelledText(unlabelled)}, more than ${100 * UNLABELLED_REFUSED} %; that is no boundary, so label the grains there or crop the picture to the part that is labelled`,
    );
  }
  const grains = absorbBoundaries(labels);
  const intercept = interceptGrainSize(grains, options);
  const planimetric = planimetricGrainSize(grains, { pixelSizeUm: options.pixelSizeUm });
  const regions = regionTable(grains, options.grey);
  const measurement = describeField(grains, {
    intercept,
    planimetric,
    nGrains: regions.length,
    sizes: sizeDistribution(regions, grains),
    pixelSizeUm,
    warnings: unlabelledWarnings(unlabelled),
    twinRule: options.twinRule,
    phaseFractions: options.phases && phaseFractionsOf(options.phases, labels),
  });
  return { measurement, regions, labels: grains };
}

/** What `describeField` puts together. */
export interface FieldParts {
  readonly intercept: InterceptGrainSize;
  readonly planimetric: PlanimetricGrainSize;
  readonly nGrains: number;
  readonly sizes: SizeDistribution | null;
  readonly pixelSizeUm: number | undefined;
  /** Come first among the warnings. */
  readonly warnings: readonly string[];
  /** @defaultValue twin boundaries count as grain boundaries */
  readonly twinRule?: string | undefined;
  /** @defaultValue none */
  readonly phaseFractions?: readonly PhaseFraction[] | undefined;
}

/** The measurement of a field from its parts, with the warnings that the numbers call for. */
export function describeField(frame: Pick<LabelMap, "width" | "height">, parts: FieldParts): FieldMeasurement {
  const { intercept, planimetric, sizes, pixelSizeUm } = parts;
  const common: FieldCommon = {
    width: frame.width,
    height: frame.height,
    nGrains: parts.nGrains,
    edgeRule: EDGE_RULE,
    twinRule: parts.twinRule ?? TWIN_RULE,
    anisotropyIndex: intercept.anisotropyIndex,
    phaseFractions: parts.phaseFractions ?? [],
    warnings: [
      ...parts.warnings,
      ...findWarnings(intercept.meanInterceptPx, intercept.nIndependent, pixelSizeUm, sizes),
      ...unlikelySize(intercept.G, pixelSizeUm),
    ],
  };
  const interceptCounts: InterceptCounts = {
    nIntercepts: intercept.nIntercepts,
    nIntersections: intercept.nIntersections,
    nIndependent: intercept.nIndependent,
    ciLow: null,
    ciHigh: null,
  };
  const counts: PlanimetricCounts = { nInside: planimetric.nInside, nEdge: planimetric.nEdge };
  const { meanInterceptPx, meanInterceptUm, G } = intercept;
  if (pixelSizeUm === undefined || meanInterceptUm === undefined || G === undefined) {
    const measurement: UncalibratedField = {
      ...common,
      pixelSizeUm: null,
      meanInterceptPx,
      interceptByDirection: intercept.byDirection.map(({ angleDeg, meanPx, n }) => ({ angleDeg, meanPx, n })),
      grainSizeNumber: {
        intercept: { G: null, ...interceptCounts, lineLengthPx: intercept.lineLengthPx },
        planimetric: { G: null, gradeNa: null, ...counts },
      },
      equivalentDiameterPx: diameterStatistics(sizes, 1),
      boundaryLengthDensityPerPx: Math.PI / (2 * meanInterceptPx),
      surfaceAreaDensityPerPx: 2 / meanInterceptPx,
    };
    return measurement;
  }
  const measurement: CalibratedField = {
    ...common,
    pixelSizeUm,
    meanInterceptUm,
    interceptByDirection: intercept.byDirection.map(({ angleDeg, meanPx, n }) => ({
      angleDeg,
      meanUm: meanPx === null ? null : meanPx * pixelSizeUm,
      n,
    })),
    grainSizeNumber: {
      intercept: { G, ...interceptCounts, lineLengthUm: intercept.lineLengthPx * pixelSizeUm },
      // Both are there with a calibration.
      planimetric: { G: planimetric.G ?? Number.NaN, gradeNa: planimetric.grainsPerMm2 ?? Number.NaN, ...counts },
    },
    equivalentDiameterUm: diameterStatistics(sizes, pixelSizeUm),
    boundaryLengthDensityPerUm: Math.PI / (2 * meanInterceptUm),
    surfaceAreaDensityPerUm: 2 / meanInterceptUm,
  };
  return measurement;
}

const EDGE_RULE =
  "intercept: line ends inside a grain count one half; planimetric: whole image, cut grains count one half and the four corners one together (Saltykov); diameters: cut grains left out, the others weighted by Miles-Lantuejoul";
const TWIN_RULE = "none: twin boundaries, where segmented, count as grain boundaries";

function findWarnings(
  meanInterceptPx: number,
  nIndependent: number,
  pixelSizeUm: number | undefined,
  sizes: SizeDistribution | null,
): string[] {
  const warnings: string[] = [];
  if (pixelSizeUm === undefined) {
    warnings.push("no calibration: lengths are in pixels and there is no grain size number; give the pixel size in µm");
  }
  if (nIndependent < 50) {
    warnings.push(`only ${nIndependent} independent intercepts in the field, fewer than 50; take a larger field`);
  }
  if (meanInterceptPx < 8) {
    warnings.push(
      `mean intercept of ${meanInterceptPx.toFixed(1)} pixels: small grains are lost; use a higher magnification`,
    );
  }
  if (sizes === null) warnings.push("the image border cuts every grain: no equivalent diameters");
  return warnings;
}

const UNLABELLED_WARNED = 0.02;
const UNLABELLED_REFUSED = 0.2;

function unlabelledText({ share, limitPx }: UnlabelledArea): string {
  return `${(100 * share).toFixed(1)} % of the picture is label 0 in areas wider than ${limitPx.toFixed(0)} pixels`;
}

function unlabelledWarnings(area: UnlabelledArea | undefined): string[] {
  if (area === undefined) return [];
  if (area.share <= UNLABELLED_WARNED && area.largestPx < area.meanGrainPx / 2) return [];
  return [
    `${unlabelledText(area)} (the largest ${area.largestPx} px², a grain ${area.meanGrainPx.toFixed(0)} px² in the mean): it was shared out among the grains around; label what is grain there, or crop the picture to the part that is labelled`,
  ];
}

/** Range of G outside which a wrong unit of the pixel size is likelier than such a metal. */
const LIKELY_G = [-1, 16] as const;

function unlikelySize(G: number | undefined, pixelSizeUm: number | undefined): string[] {
  if (G === undefined || pixelSizeUm === undefined || (G >= LIKELY_G[0] && G <= LIKELY_G[1])) return [];
  const other = Number((G < LIKELY_G[0] ? pixelSizeUm / 1000 : pixelSizeUm * 1000).toPrecision(6));
  return [
    `grain size number ${G.toFixed(1)} is outside the usual ${LIKELY_G[0]} … ${LIKELY_G[1]}: is the pixel size of ${pixelSizeUm} µm right? ${G < LIKELY_G[0] ? "If it was meant in nm" : "If it was meant in mm"}, give ${other} µm`,
  ];
}
