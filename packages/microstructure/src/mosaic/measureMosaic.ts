import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import { describeField } from "../measure/measureField.ts";
import { describeLayers } from "../measure/measureLayers.ts";
import { describeSecondPhase } from "../measure/measureSecondPhase.ts";
import { areaFractionOf } from "../measure/phaseFractionsOf.ts";
import { sizeDistribution } from "../measure/sizeDistribution.ts";
import type { Region } from "../regions/regionTable.ts";
import { measureBands } from "./measureBands.ts";
import { regionBands } from "./regionBands.ts";

export interface MeasureMosaicOptions {
  readonly kind: ImageMeasurement["kind"];
  readonly nRegions: number;
  /** Image of the same size, for the mean grey of each region. */
  readonly grey: RowReader<Float32Array>;
  readonly pixelSizeUm: number | undefined;
  /** What was done with twins. @defaultValue twin boundaries count as grain boundaries */
  readonly twinRule?: string | undefined;
  /** Phase of every pixel, with the names and pixels of the phases. @defaultValue one phase */
  readonly phases?: MosaicPhases | undefined;
}

export interface MosaicPhases {
  readonly classes: RowReader<Uint8Array>;
  readonly names: readonly string[];
  readonly counts: Float64Array;
}

export interface MeasuredMosaic {
  readonly measurement: ImageMeasurement;
  readonly regions: readonly Region[];
  /** Phase of each region; undefined where there is only one. */
  readonly phaseNames?: readonly string[] | undefined;
}

/**
 * `measureField`, `measureSecondPhase` or `measureLayers`, by the kind of the regions, of labels that need not be in memory: the same
 * numbers and warnings.
 *
 * @param labels - 1 … nRegions; of particles and pores 0 is the matrix
 * @throws DataError where a single grain fills the image, or there is no particle or layer
 */
export function measureMosaic(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  options: MeasureMosaicOptions,
): MeasuredMosaic {
  const { kind, nRegions, grey, pixelSizeUm, phases } = options;
  if (kind === "grains") {
    const { intercept, planimetric, regions } = measureBands(space, labels, { nGrains: nRegions, grey, pixelSizeUm });
    const sizes = sizeDistribution(regions, space);
    const parts = { intercept, planimetric, nGrains: regions.length, sizes, pixelSizeUm, warnings: [] };
    const field = describeField(space, { ...parts, twinRule: options.twinRule });
    return { measurement: { kind, ...field }, regions };
  }
  if (kind === "layers") {
    const { regions } = regionBands(space, labels, { nRegions });
    return { measurement: { kind, ...describeLayers(space, labels, regions, pixelSizeUm) }, regions };
  }
  const classes = phases?.classes;
  const sums = regionBands(space, labels, { nRegions, grey, changes: "bodies", classes });
  const { regions, nPixels, nChanges, classOf } = sums;
  const size = space.width * space.height;
  const measurement = describeSecondPhase(space, {
    regions,
    nPixels,
    nCrossings: [nChanges[2]!, nChanges[0]!], // of four directions: down the columns, along the rows
    pixelSizeUm,
    phase: kind,
    phaseFractions: phases?.names.map((name, k) => areaFractionOf(name, (phases.counts[k] ?? 0) / size)),
  });
  const phaseNames = phases && classOf.map((k) => phases.names[k] ?? "");
  return { measurement: { kind, ...measurement }, regions, phaseNames };
}
