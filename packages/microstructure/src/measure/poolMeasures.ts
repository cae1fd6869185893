import { FIELDS_WANTED, fieldsNeeded } from "./fieldsNeeded.ts";
import { type MeanInterval, meanInterval } from "./meanInterval.ts";
import type { FieldMeasurement, PhaseFraction } from "./measureField.ts";

/** Mean of one measure over the fields of a specimen. */
export interface PooledMeasure extends MeanInterval {
  readonly name: string;
  readonly unit: string;
  /** Fields for a relative accuracy of 10 % at this scatter, at least 5; null for one field or a mean of zero. */
  readonly fieldsNeeded: number | null;
}

export interface PooledPhaseFraction extends PhaseFraction {
  /** Fields that name phases; a phase that one of them does not name counts 0 there. */
  readonly nFields: number;
  readonly relativeAccuracyPct: number | null;
  readonly fieldsNeeded: number | null;
}

/** Pools all measures that every field of a specimen has. Fields all with or all without calibration. */
export function poolMeasures(fields: readonly FieldMeasurement[]): PooledMeasure[] {
  return poolShared(fields.map(measuresOf));
}

/** Pools the measures that every list has; one list per field. */
export function poolShared(lists: readonly (readonly Measure[])[]): PooledMeasure[] {
  const shared = (lists[0] ?? []).filter(({ name }) => lists.every((own) => own.some((m) => m.name === name)));
  return shared.map(({ name, unit }): PooledMeasure => {
    const values = lists.flatMap((own) => own.filter((m) => m.name === name).map(({ value }) => value));
    const interval = meanInterval(values);
    return { name, unit, ...interval, fieldsNeeded: needed(interval) };
  });
}

/** Pools phase fractions over the fields that name phases. */
export function poolPhases(fields: readonly Pick<FieldMeasurement, "phaseFractions">[]): PooledPhaseFraction[] {
  const lists = fields.map(({ phaseFractions }) => phaseFractions).filter((list) => list.length > 0);
  const phases = [...new Set(lists.flatMap((list) => list.map(({ phase }) => phase)))];
  return phases.map((phase): PooledPhaseFraction => {
    const own = lists.map((list) => list.find((p) => p.phase === phase));
    const interval = meanInterval(own.map((p) => p?.fraction ?? 0));
    const methods = new Set(own.flatMap((p) => (p === undefined ? [] : [p.method])));
    return {
      phase,
      fraction: interval.mean,
      ciLow: interval.ciLow,
      ciHigh: interval.ciHigh,
      method: `${[...methods].join(", ")}; mean over fields with 95 % interval (ASTM E562)`,
      nFields: interval.n,
      relativeAccuracyPct: interval.relativeAccuracyPct,
      fieldsNeeded: needed(interval),
    };
  });
}

/** What keeps fields from meeting the standard, whatever they show. */
export function fieldShortfalls(nFields: number, isCalibrated: boolean): string[] {
  const reasons: string[] = [];
  if (!isCalibrated) reasons.push("no calibration: lengths are in pixels, taken to be equal in all fields");
  if (nFields < FIELDS_WANTED) {
    reasons.push(`${nFields} field${nFields === 1 ? "" : "s"}, fewer than ${FIELDS_WANTED}`);
  }
  return reasons;
}

function needed({ mean, std }: MeanInterval): number | null {
  return std === null || !(mean > 0) ? null : fieldsNeeded(mean, std);
}

/** One number of one field. */
export interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

function measuresOf(field: FieldMeasurement): Measure[] {
  const isUm = field.pixelSizeUm !== null;
  const unit = isUm ? "um" : "px";
  const sizes = isUm ? field.equivalentDiameterUm : field.equivalentDiameterPx;
  const directions = isUm
    ? field.interceptByDirection.map(({ angleDeg, meanUm }) => ({ angleDeg, mean: meanUm }))
    : field.interceptByDirection.map(({ angleDeg, meanPx }) => ({ angleDeg, mean: meanPx }));
  const found: readonly (Omit<Measure, "value"> & { readonly value: number | null | undefined })[] = [
    { name: "mean intercept", unit, value: isUm ? field.meanInterceptUm : field.meanInterceptPx },
    ...directions.map(({ angleDeg, mean }) => ({ name: `mean intercept at ${angleDeg}°`, unit, value: mean })),
    { name: "anisotropy index", unit: "1", value: field.anisotropyIndex },
    { name: "grains per area", unit: "1/mm^2", value: field.grainSizeNumber.planimetric.gradeNa },
    { name: "mean equivalent diameter", unit, value: sizes?.mean },
    { name: "median equivalent diameter", unit, value: sizes?.median },
    {
      name: "boundary length density",
      unit: `1/${unit}`,
      value: isUm ? field.boundaryLengthDensityPerUm : field.boundaryLengthDensityPerPx,
    },
    {
      name: "surface area density",
      unit: `1/${unit}`,
      value: isUm ? field.surfaceAreaDensityPerUm : field.surfaceAreaDensityPerPx,
    },
  ];
  return found.flatMap(({ name, unit: of, value }) =>
    value === null || value === undefined ? [] : [{ name, unit: of, value }],
  );
}
