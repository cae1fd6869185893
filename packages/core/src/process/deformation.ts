import { DataError, DomainError } from "../errors/errors.ts";
import { GAS_CONSTANT_J_PER_MOL_K } from "../units/gasConstant.ts";
import type { Schedule } from "./schedule.ts";
import type { DeformStep } from "./step.ts";

/** ln(l₁/l₀) of an engineering strain e = (l₁ − l₀)/l₀ > −1. @throws DomainError at or below −1 */
export function trueStrain(engineeringStrain: number): number {
  if (!(engineeringStrain > -1)) {
    throw new DomainError(
      `trueStrain: an engineering strain is above -1, got ${engineeringStrain}; percent? divide by 100`,
    );
  }
  return Math.log1p(engineeringStrain);
}

/** (l₁ − l₀)/l₀ of a true strain: exp(ε) − 1. */
export function engineeringStrain(strain: number): number {
  return Math.expm1(strain);
}

/**
 * Von Mises equivalent strain of flat rolling without spread (plane strain): ε = (2/√3) ln(h₀/h₁).
 *
 * @param thicknessInMm, thicknessOutMm - before and after, any number of passes between; any one unit of length
 * @throws DomainError unless in > out > 0
 * @example
 * rollingStrain(20, 10); // 0.8004
 */
export function rollingStrain(thicknessInMm: number, thicknessOutMm: number): number {
  checkThicknesses("rollingStrain", thicknessInMm, thicknessOutMm);
  return (2 / Math.sqrt(3)) * Math.log(thicknessInMm / thicknessOutMm);
}

/**
 * Mean von Mises strain rate of one pass of flat rolling, 1/s: the strain over the time in the bite,
 * ε̇ = (v/√(R(h₀ − h₁))) · (2/√3) ln(h₀/h₁), v = 2πRU/60 the surface speed of a roll of U rev/min, √(R Δh) the length of
 * contact. It takes the roll as round, Δh ≪ R, and the stock as sticking to it, as in hot rolling.
 *
 * @throws DomainError unless in > out > 0, radius and speed are positive
 * @example
 * rollingStrainRate({ thicknessInMm: 20, thicknessOutMm: 15, rollRadiusMm: 300, rollSpeedMPerS: 2 }); // 17.2
 */
export function rollingStrainRate(pass: {
  readonly thicknessInMm: number;
  readonly thicknessOutMm: number;
  readonly rollRadiusMm: number;
  readonly rollSpeedMPerS: number;
}): number {
  const { thicknessInMm, thicknessOutMm, rollRadiusMm, rollSpeedMPerS } = pass;
  if (!(rollRadiusMm > 0) || !(rollSpeedMPerS > 0)) {
    throw new DomainError(
      `rollingStrainRate: radius and speed must be positive, got ${rollRadiusMm} mm, ${rollSpeedMPerS} m/s`,
    );
  }
  const contactMm = Math.sqrt(rollRadiusMm * (thicknessInMm - thicknessOutMm));
  return rollingStrain(thicknessInMm, thicknessOutMm) * ((1000 * rollSpeedMPerS) / contactMm);
}

/** Strain of extrusion, drawing or swaging: ln(A₀/A₁) of the section. @throws DomainError unless the ratio is above 1 */
export function sectionStrain(areaRatio: number): number {
  if (!(areaRatio > 1))
    throw new DomainError(`sectionStrain: the ratio A₀/A₁ must be above 1, got ${areaRatio}; swapped?`);
  return Math.log(areaRatio);
}

/** Strain of upsetting (free compression): ln(h₀/h₁). @throws DomainError unless in > out > 0 */
export function upsettingStrain(heightIn: number, heightOut: number): number {
  checkThicknesses("upsettingStrain", heightIn, heightOut);
  return Math.log(heightIn / heightOut);
}

/**
 * Zener–Hollomon parameter Z = ε̇ exp(Q/(R T)), 1/s: the strain rate, temperature compensated.
 *
 * @param strainRatePerS - ε̇ > 0
 * @param temperatureK - T > 0
 * @param activationEnergyJPerMol - Q ≥ 0
 * @throws DomainError outside these ranges
 * @see Zener and Hollomon, J. Appl. Phys. 15 (1944) 22, doi:10.1063/1.1707363
 * @example
 * zenerHollomon(1, 1273.15, 312e3); // 6.3e12
 */
export function zenerHollomon(strainRatePerS: number, temperatureK: number, activationEnergyJPerMol: number): number {
  if (!(strainRatePerS > 0) || !(temperatureK > 0) || !(activationEnergyJPerMol >= 0)) {
    throw new DomainError(
      `zenerHollomon: needs ε̇ > 0, T > 0 K, Q ≥ 0, got ${strainRatePerS} 1/s, ${temperatureK} K, ${activationEnergyJPerMol} J/mol`,
    );
  }
  return strainRatePerS * Math.exp(activationEnergyJPerMol / (GAS_CONSTANT_J_PER_MOL_K * temperatureK));
}

/**
 * Every statement of how much a step deforms, as von Mises equivalent strain: the strain as given; of a height (roll:
 * plane strain; forge, press: upsetting) or of a section (extrude, draw, swage, and any step with an area ratio).
 */
export function totalStrainOf(step: DeformStep): { readonly from: keyof DeformStep; readonly strain: number }[] {
  const factor = step.method === "roll" ? 2 / Math.sqrt(3) : 1;
  const out: { from: keyof DeformStep; strain: number }[] = [];
  if (step.strain !== undefined) out.push({ from: "strain", strain: step.strain });
  if (step.thicknessInMm !== undefined && step.thicknessOutMm !== undefined) {
    // The diameters of a drawn, extruded or swaged bar: its section goes with their square.
    const power = step.method === "extrude" || step.method === "draw" || step.method === "swage" ? 2 : 1;
    const logRatio = power * Math.log(step.thicknessInMm / step.thicknessOutMm);
    out.push({ from: "thicknessOutMm", strain: factor * logRatio });
  }
  if (step.reduction !== undefined) out.push({ from: "reduction", strain: -factor * Math.log1p(-step.reduction) });
  if (step.areaRatio !== undefined) out.push({ from: "areaRatio", strain: factor * Math.log(step.areaRatio) });
  return out;
}

/**
 * Von Mises equivalent strain of all deform steps of a schedule together; 0 if it has none.
 *
 * @throws DataError for a deform step that does not say how much it deforms
 * @example
 * cumulativeStrain(createSchedule([
 *   { kind: "deform", method: "roll", thicknessInMm: 20, thicknessOutMm: 10 },
 *   { kind: "deform", method: "roll", reduction: 0.5 },
 * ])); // 1.6008
 */
export function cumulativeStrain(schedule: Schedule): number {
  let sum = 0;
  for (const [i, step] of schedule.steps.entries()) {
    if (step.kind !== "deform") continue;
    const strain = totalStrainOf(step)[0]?.strain;
    if (strain === undefined) {
      throw new DataError(
        `cumulativeStrain: step ${i + 1} does not say how much it deforms; give strain, reduction, thicknesses or areaRatio`,
      );
    }
    sum += strain;
  }
  return sum;
}

function checkThicknesses(name: string, before: number, after: number): void {
  if (!(before > after) || !(after > 0)) {
    throw new DomainError(`${name}: needs before > after > 0, got ${before} and ${after}; swapped?`);
  }
}
