import { DataError } from "@materiome/core";
import { ACCURACY_WANTED_PCT, fieldsNeeded } from "./fieldsNeeded.ts";
import { grainSizeFromCount, grainSizeFromIntercept } from "./grainSizeNumber.ts";
import { meanInterval } from "./meanInterval.ts";
import type { CalibratedField, FieldMeasurement } from "./measureField.ts";
import {
  fieldShortfalls,
  type PooledMeasure,
  type PooledPhaseFraction,
  poolMeasures,
  poolPhases,
} from "./poolMeasures.ts";

/** One specimen, as `summary.json` lists it under `samples`. */
export interface PooledSpecimen {
  readonly specimen: string;
  readonly nFields: number;
  /** Mean over fields of the intercept, s its standard deviation: µm, or pixels without calibration. */
  readonly meanInterceptUm?: number | undefined;
  readonly stdInterceptUm?: number | null | undefined;
  readonly meanInterceptPx?: number | undefined;
  readonly stdInterceptPx?: number | null | undefined;
  readonly G: {
    readonly intercept: number | null;
    readonly planimetric: number | null;
    /** 95 % interval of the intercept G; null for one field, without calibration, or where it is unbounded. */
    readonly ciLow: number | null;
    readonly ciHigh: number | null;
    /** Half width of the 95 % interval of ℓ̄ in percent of ℓ̄. */
    readonly relativeAccuracyPct: number | null;
    /** Fields to meet the standard at this scatter: for a relative accuracy of 10 %, and at least 5; null for one field. */
    readonly fieldsNeeded: number | null;
  };
  /** Every measure of the fields with its interval, relative accuracy and fields needed. */
  readonly measures: readonly PooledMeasure[];
  /** By E562: mean of the fields with its interval; empty where no field says. */
  readonly phaseFractions: readonly PooledPhaseFraction[];
  readonly standard: string;
  readonly meetsStandard: boolean;
  readonly reasons: readonly string[];
}

export interface SpecimenField {
  readonly specimen: string;
  readonly measurement: FieldMeasurement;
}

/**
 * Pools the fields of each specimen: mean, 95 % confidence interval, relative accuracy, and whether it meets ASTM E112.
 *
 * Over the n fields of a specimen: ℓ̄ = mean of the field intercepts, s their standard deviation,
 * 95 % CI = t₀.₉₇₅(n − 1)·s/√n, %RA = 100·CI/ℓ̄. G follows from ℓ̄ (and from the mean N_A of the fields); its interval from
 * ℓ̄ ± CI. Fields of different magnification pool in µm. `fieldsNeeded` is the smallest n ≥ 5 with
 * t₀.₉₇₅(n − 1)·s/√n ≤ 0.1 ℓ̄. The standard counts as met with at least 5 fields, 50 independent intercepts in each,
 * %RA ≤ 10 and a calibration.
 *
 * @param fields - measurements with the name of their specimen, in any order
 * @returns specimens in order of first appearance
 * @throws DataError if a specimen mixes fields with and without calibration
 * @see ASTM E112-13 §15 (statistical analysis); E562-19 (volume percentage estimate and its interval)
 * @example
 * const [specimen] = poolFields(fields.map((measurement) => ({ specimen: "A", measurement })));
 */
export function poolFields(fields: readonly SpecimenField[]): PooledSpecimen[] {
  const bySpecimen = new Map<string, FieldMeasurement[]>();
  for (const { specimen, measurement } of fields) {
    const list = bySpecimen.get(specimen);
    if (list === undefined) bySpecimen.set(specimen, [measurement]);
    else list.push(measurement);
  }
  return [...bySpecimen].map(([specimen, list]) => pool(specimen, list));
}

const STANDARD = "ASTM E112-13";
const INTERCEPTS_WANTED = 50;

function pool(specimen: string, fields: readonly FieldMeasurement[]): PooledSpecimen {
  const calibrated = fields.filter((field): field is CalibratedField => field.pixelSizeUm !== null);
  if (calibrated.length !== 0 && calibrated.length !== fields.length) {
    throw new DataError(
      `poolFields: specimen "${specimen}" has ${calibrated.length} fields with and ${fields.length - calibrated.length} without calibration; give all of them a pixel size`,
    );
  }
  const isCalibrated = calibrated.length > 0;
  const lengths = fields.map((field) => (field.pixelSizeUm === null ? field.meanInterceptPx : field.meanInterceptUm));
  const { mean, std, halfWidth: half, relativeAccuracyPct } = meanInterval(lengths);
  const counts = calibrated.map((field) => field.grainSizeNumber.planimetric.gradeNa);
  const reasons = shortfalls(fields, isCalibrated, relativeAccuracyPct);
  const lengthFields = isCalibrated
    ? { meanInterceptUm: mean, stdInterceptUm: std }
    : { meanInterceptPx: mean, stdInterceptPx: std };
  return {
    specimen,
    nFields: fields.length,
    ...lengthFields,
    G: {
      intercept: isCalibrated ? grainSizeFromIntercept(mean) : null,
      planimetric: isCalibrated ? grainSizeFromCount(counts.reduce((a, b) => a + b, 0) / counts.length) : null,
      ciLow: isCalibrated && half !== null ? grainSizeFromIntercept(mean + half) : null,
      ciHigh: isCalibrated && half !== null && half < mean ? grainSizeFromIntercept(mean - half) : null,
      relativeAccuracyPct,
      fieldsNeeded: std === null ? null : fieldsNeeded(mean, std),
    },
    measures: poolMeasures(fields),
    phaseFractions: poolPhases(fields),
    standard: STANDARD,
    meetsStandard: reasons.length === 0,
    reasons,
  };
}

function shortfalls(
  fields: readonly FieldMeasurement[],
  isCalibrated: boolean,
  relativeAccuracyPct: number | null,
): string[] {
  const reasons = fieldShortfalls(fields.length, isCalibrated);
  const sparse = fields.filter((field) => field.grainSizeNumber.intercept.nIndependent < INTERCEPTS_WANTED).length;
  if (sparse > 0) {
    reasons.push(`${sparse} of ${fields.length} fields with fewer than ${INTERCEPTS_WANTED} independent intercepts`);
  }
  if (relativeAccuracyPct !== null && relativeAccuracyPct > ACCURACY_WANTED_PCT) {
    reasons.push(`relative accuracy ${relativeAccuracyPct.toFixed(1)} %, worse than ${ACCURACY_WANTED_PCT} %`);
  }
  return reasons;
}
