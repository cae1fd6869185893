import type { Calibration, CalibrationSource } from "./calibration.ts";

const UM_PER_UNIT: Readonly<Record<string, number>> = {
  m: 1e6,
  cm: 1e4,
  mm: 1e3,
  µm: 1,
  um: 1,
  micron: 1,
  microns: 1,
  micrometer: 1,
  micrometre: 1,
  nm: 1e-3,
  Å: 1e-4,
  pm: 1e-6,
  inch: 25_400,
  in: 25_400,
};

/** A length in µm; undefined for a unit that is none of length and for what is not a positive number. */
export function lengthUm(value: number, unit: string): number | undefined {
  const perUnit = UM_PER_UNIT[unit.replace("μ", "µ")]; // Greek mu and micro sign
  if (perUnit === undefined || !(value > 0 && Number.isFinite(value))) return undefined;
  return Number((value * perUnit).toPrecision(12));
}

/** A calibration from a length and its unit; undefined as `lengthUm`. */
export function calibrationOf(
  value: number,
  unit: string,
  source: CalibrationSource,
  magnification?: number,
): Calibration | undefined {
  const pixelSizeUm = lengthUm(value, unit);
  if (pixelSizeUm === undefined) return undefined;
  return magnification === undefined || !(magnification > 0)
    ? { pixelSizeUm, source }
    : { pixelSizeUm, source, magnification };
}
