import { createNumberColumn, isMateriomeError, type LabelMap, type Raster, Table } from "@materiome/core";
import { boundaryMask } from "../regions/boundaryMask.ts";
import { regionTable } from "../regions/regionTable.ts";
import { boxCounting } from "./boxCounting.ts";
import { chordLengths } from "./chordLengths.ts";
import { clusterFunction } from "./clusterFunction.ts";
import { correlationLengths } from "./correlationLengths.ts";
import { granulometry } from "./granulometry.ts";
import { greyCooccurrence } from "./greyCooccurrence.ts";
import { type HaralickFeatures, haralickFeatures } from "./haralickFeatures.ts";
import { localBinaryPatterns } from "./localBinaryPatterns.ts";
import { minkowskiFunctionals } from "./minkowskiFunctionals.ts";
import { orientationTensor } from "./orientationTensor.ts";
import { requirePlane } from "./phaseIndicator.ts";
import { radialAverage } from "./radialAverage.ts";
import { structureTensorTexture } from "./structureTensorTexture.ts";
import { type TwoPointCorrelation, twoPointCorrelation } from "./twoPointCorrelation.ts";

export interface DescribeStructureOptions {
  /** Largest shift of correlations along both axes, px. @defaultValue half of the shorter side, at most 256 */
  readonly maxShiftPx?: number | undefined;
  /** Put in front of each column name, e.g. `gammaPrime.`. @defaultValue "" */
  readonly prefix?: string | undefined;
}

export interface StructureDescription {
  /** One row; columns of role `structure`, lengths in µm where the image is calibrated, else in px. */
  readonly table: Table;
  /** Columns whose cell is missing, and why. */
  readonly missing: readonly { readonly column: string; readonly reason: string }[];
}

/**
 * Describes the structure of one image as table columns of role `structure`, ready to be joined to the table of samples
 * (`concatTables` puts the rows of many images under each other). What is computed depends on the kind of image:
 *
 * - binary (Uint8, Uint16): area fraction, boundary and Euler density, correlation lengths, chords, opening sizes, dimension
 *   of the boundary;
 * - label map (Uint32): the length over which two points share a grain, orientation of the grains, dimension of the boundary;
 * - grey 0 … 1 (Float32): mean, spread, correlation lengths, co-occurrence features, local binary patterns, orientation.
 *
 * A quantity that the image does not have (a constant image has no correlation length) is a missing cell, named with its
 * reason under `missing`.
 *
 * @throws ShapeError for more than one channel; DataError for grey outside 0 … 1
 * @example
 * const { table } = describeStructure(phaseIndicator(labels, [2]), { prefix: "gammaPrime." });
 */
export function describeStructure(image: Raster, options: DescribeStructureOptions = {}): StructureDescription {
  const plane = requirePlane("describeStructure", "image", image);
  const shorter = Math.min(image.width, image.height);
  const maxShiftPx = options.maxShiftPx ?? Math.min(256, Math.floor(shorter / 2));
  const quantities =
    plane instanceof Float32Array || plane instanceof Float64Array
      ? ofGrey(image, maxShiftPx)
      : plane instanceof Uint32Array
        ? ofLabels(image as LabelMap, maxShiftPx)
        : ofPhase(image, maxShiftPx);
  const { pixelSizeUm } = image;
  const scale = pixelSizeUm ?? 1;
  const unit = pixelSizeUm === undefined ? "px" : "µm";
  const missing: { column: string; reason: string }[] = [];
  const columns = quantities.flatMap(({ names, power = 0, absent = BEYOND, compute }) => {
    let values: readonly (number | undefined)[] = [];
    let reason = absent;
    try {
      values = compute();
    } catch (error) {
      if (!isMateriomeError(error)) throw error;
      reason = error.message;
    }
    return names.map((name, k) => {
      const column = `${options.prefix ?? ""}${name}`;
      const value = values[k];
      const isThere = value !== undefined && Number.isFinite(value);
      if (!isThere) missing.push({ column, reason });
      const unitText = power === 0 ? "" : power === 1 ? unit : `1/${unit}${power === -2 ? "2" : ""}`;
      return createNumberColumn(column, [isThere ? value * scale ** power : Number.NaN], {
        role: "structure",
        unit: unitText,
      });
    });
  });
  return { table: new Table(columns), missing };
}

const BEYOND = "not reached within the largest shift";

interface Quantities {
  readonly names: readonly string[];
  /** Power of a length in the unit. @defaultValue 0 */
  readonly power?: 1 | -1 | -2;
  /** What it means where no number comes out. @defaultValue {@link BEYOND} */
  readonly absent?: string;
  readonly compute: () => readonly (number | undefined)[];
}

function ofPhase(phase: Raster, maxShiftPx: number): readonly Quantities[] {
  const correlation = twoPointCorrelation(phase, { maxShiftPx });
  const minkowski = minkowskiFunctionals(phase);
  return [
    { names: ["areaFraction"], compute: () => [correlation.fraction] },
    { names: ["boundaryDensity"], power: -1, compute: () => [minkowski.perimeterDensityPerPx] },
    { names: ["eulerDensity"], power: -2, compute: () => [minkowski.eulerDensityPerPx2] },
    ...lengthsOf(correlation),
    {
      names: ["meanChord0", "meanChord45", "meanChord90", "meanChord135"],
      power: 1,
      absent: "no end of a chord is seen in this direction",
      compute: () => chordLengths(phase).map(({ meanPx }) => meanPx),
    },
    {
      names: ["openingRadiusMean", "openingRadiusDeviation"],
      power: 1,
      compute: () => {
        const { meanRadiusPx, standardDeviationPx } = granulometry(phase);
        return [meanRadiusPx, standardDeviationPx];
      },
    },
    boundaryDimension(phase),
  ];
}

function ofLabels(labels: LabelMap, maxShiftPx: number): readonly Quantities[] {
  return [
    {
      names: ["sameGrainLength", "sameGrainIntegralLength"],
      power: 1,
      compute: () => {
        const radial = radialAverage(clusterFunction(labels, { maxShiftPx }).map);
        const { decayPx, integralPx } = correlationLengths(radial, 0); // far away no two points share a grain
        return [decayPx, integralPx];
      },
    },
    {
      names: ["grainAlignmentIndex", "grainDirection"],
      compute: () => {
        const grains = regionTable(labels);
        const axes = grains.map(({ orientationDeg }) => orientationDeg);
        // Round grains have no axis; (a² − b²) / (a² + b²) of the ellipse takes them out smoothly.
        const weights = grains.map(({ areaPx, majorAxisPx: a, minorAxisPx: b }) => {
          return (areaPx * (a * a - b * b)) / (a * a + b * b);
        });
        const areaPx = grains.reduce((sum, grain) => sum + grain.areaPx, 0);
        const { alignmentIndex, meanDirectionDeg } = orientationTensor(axes, weights);
        return [(alignmentIndex * weights.reduce((a, b) => a + b, 0)) / areaPx, meanDirectionDeg];
      },
    },
    boundaryDimension(labels),
  ];
}

function ofGrey(image: Raster, maxShiftPx: number): readonly Quantities[] {
  const correlation = twoPointCorrelation(image, { maxShiftPx });
  const middle = correlation.map.data[(correlation.map.data.length - 1) / 2]!; // odd sizes
  const haralick: readonly (keyof HaralickFeatures)[] = [
    "contrast",
    "dissimilarity",
    "homogeneity",
    "angularSecondMoment",
    "entropy",
    "correlation",
  ];
  return [
    {
      names: ["greyMean", "greyDeviation"],
      compute: () => [correlation.fraction, Math.sqrt(Math.max(0, middle - correlation.fraction ** 2))],
    },
    ...lengthsOf(correlation),
    ...[1, 4].map((distancePx) => ({
      names: haralick.map((name) => `${name}At${distancePx}px`),
      compute: () => {
        const all = greyCooccurrence(image, { distancesPx: [distancePx] }).map(({ matrix }) =>
          haralickFeatures(matrix),
        );
        return haralick.map((name) => all.reduce((sum, features) => sum + features[name], 0) / all.length);
      },
    })),
    {
      names: Array.from({ length: 10 }, (_, k) => `localPattern${k}`),
      compute: () => [...localBinaryPatterns(image).histogram],
    },
    {
      names: ["alignmentIndex", "meanDirection", "meanCoherence"],
      compute: () => {
        const { alignmentIndex, meanDirectionDeg, meanCoherence } = structureTensorTexture(image);
        return [alignmentIndex, meanDirectionDeg, meanCoherence];
      },
    },
  ];
}

function lengthsOf(correlation: TwoPointCorrelation): readonly Quantities[] {
  const { map, fraction } = correlation;
  return [
    {
      names: ["correlationLength", "correlationIntegralLength"],
      power: 1,
      compute: () => {
        const { decayPx, integralPx } = correlationLengths(radialAverage(map), fraction);
        return [decayPx, integralPx];
      },
    },
    {
      names: ["correlationLength0", "correlationLength45", "correlationLength90", "correlationLength135"],
      power: 1,
      compute: () => {
        const radial = radialAverage(map, { nSectors: 4 });
        return radial.directionsDeg.map((_, sector) => correlationLengths(radial, fraction, sector).decayPx);
      },
    },
  ];
}

function boundaryDimension(image: Raster): Quantities {
  return {
    names: ["boundaryDimension", "boundaryDimensionR2"],
    compute: () => {
      const data = new Uint32Array(image.data);
      // 0 is boundary in a label map, but a phase in a binary image.
      if (!(image.data instanceof Uint32Array)) for (let i = 0; i < data.length; i++) data[i] = data[i] === 0 ? 2 : 1;
      const { dimension, r2 } = boxCounting(boundaryMask({ ...image, data }));
      return [dimension, r2];
    },
  };
}
