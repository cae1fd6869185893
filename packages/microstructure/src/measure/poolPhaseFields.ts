import { DataError } from "@materiome/core";
import { ACCURACY_WANTED_PCT } from "./fieldsNeeded.ts";
import type { LayersMeasurement } from "./measureLayers.ts";
import type { SecondPhaseMeasurement } from "./measureSecondPhase.ts";
import type { PooledSpecimen } from "./poolFields.ts";
import { fieldShortfalls, type Measure, poolPhases, poolShared } from "./poolMeasures.ts";

/**
 * Pools the fields of a specimen that shows particles, pores or layers: means with 95 % intervals by Student's t, as
 * ASTM E562 and E1245 pool them. There is no grain size; all its numbers are null.
 *
 * @throws DataError if fields with and without calibration are mixed, or there is none
 * @see ASTM E562-19 (volume percentage, 95 % interval, relative accuracy); E1245-03
 */
export function poolPhaseFields(
  specimen: string,
  fields: readonly (SecondPhaseMeasurement | LayersMeasurement)[],
): PooledSpecimen {
  const nCalibrated = fields.filter(({ pixelSizeUm }) => pixelSizeUm !== null).length;
  if (fields.length === 0 || (nCalibrated !== 0 && nCalibrated !== fields.length)) {
    throw new DataError(
      `poolPhaseFields: specimen "${specimen}" has ${nCalibrated} fields with and ${fields.length - nCalibrated} without calibration; give all of them a pixel size`,
    );
  }
  const phaseFractions = poolPhases(fields);
  const measures = poolShared(fields.map((field) => ("layers" in field ? layerMeasures(field) : bodyMeasures(field))));
  const reasons = fieldShortfalls(fields.length, nCalibrated > 0);
  for (const { phase, relativeAccuracyPct } of phaseFractions) {
    // What is left beside the bodies is no constituent that was asked for.
    if (phase === "matrix" || relativeAccuracyPct === null || relativeAccuracyPct <= ACCURACY_WANTED_PCT) continue;
    reasons.push(
      `relative accuracy of the fraction of ${phase} ${relativeAccuracyPct.toFixed(1)} %, worse than ${ACCURACY_WANTED_PCT} %`,
    );
  }
  return {
    specimen,
    nFields: fields.length,
    G: { intercept: null, planimetric: null, ciLow: null, ciHigh: null, relativeAccuracyPct: null, fieldsNeeded: null },
    measures,
    phaseFractions,
    standard: "ASTM E562-19, E1245-03",
    meetsStandard: reasons.length === 0,
    reasons,
  };
}

function bodyMeasures(field: SecondPhaseMeasurement): Measure[] {
  const found =
    field.pixelSizeUm === null
      ? [
          { name: "particles per area", unit: "1/px^2", value: field.particlesPerPx2 },
          { name: "mean equivalent diameter", unit: "px", value: field.equivalentDiameterPx?.mean },
          { name: "mean particle intercept", unit: "px", value: field.meanParticleInterceptPx },
          { name: "mean free path", unit: "px", value: field.meanFreePathPx },
          { name: "surface area density", unit: "1/px", value: field.surfaceAreaDensityPerPx },
        ]
      : [
          { name: "particles per area", unit: "1/mm^2", value: field.particlesPerMm2 },
          { name: "mean equivalent diameter", unit: "um", value: field.equivalentDiameterUm?.mean },
          { name: "mean particle intercept", unit: "um", value: field.meanParticleInterceptUm },
          { name: "mean free path", unit: "um", value: field.meanFreePathUm },
          { name: "surface area density", unit: "1/um", value: field.surfaceAreaDensityPerUm },
        ];
  return found.flatMap(({ value, ...measure }) => (typeof value === "number" ? [{ ...measure, value }] : []));
}

function layerMeasures({ layers }: LayersMeasurement): Measure[] {
  return layers.flatMap(({ layer, inUm, inPx }) => {
    const lengths = inUm ?? inPx;
    if (lengths === null) return [];
    return [{ name: `mean thickness of layer ${layer}`, unit: inUm === null ? "px" : "um", value: lengths.mean }];
  });
}
