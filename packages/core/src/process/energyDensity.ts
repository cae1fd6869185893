import { DomainError } from "../errors/errors.ts";

/**
 * Volumetric energy density of a beam process, VED = P/(v h t), J/mm³.
 *
 * @throws DomainError unless all are positive
 * @example
 * volumetricEnergyDensity({ powerW: 200, speedMmPerS: 800, hatchMm: 0.1, layerMm: 0.03 }); // 83.33
 */
export function volumetricEnergyDensity(print: {
  readonly powerW: number;
  readonly speedMmPerS: number;
  readonly hatchMm: number;
  readonly layerMm: number;
}): number {
  const { powerW, speedMmPerS, hatchMm, layerMm } = print;
  checkPositive("volumetricEnergyDensity", { powerW, speedMmPerS, hatchMm, layerMm });
  return powerW / (speedMmPerS * hatchMm * layerMm);
}

/** Linear energy density, LED = P/v, J/mm. @throws DomainError unless both are positive */
export function linearEnergyDensity(powerW: number, speedMmPerS: number): number {
  checkPositive("linearEnergyDensity", { powerW, speedMmPerS });
  return powerW / speedMmPerS;
}

/** Areal energy density, P/(v w), J/mm²; w the hatch distance or the beam diameter. @throws DomainError unless all are positive */
export function arealEnergyDensity(powerW: number, speedMmPerS: number, widthMm: number): number {
  checkPositive("arealEnergyDensity", { powerW, speedMmPerS, widthMm });
  return powerW / (speedMmPerS * widthMm);
}

/** Volume scanned per time, v h t, mm³/s: the build rate without recoating and pauses. @throws DomainError unless all are positive */
export function buildRate(speedMmPerS: number, hatchMm: number, layerMm: number): number {
  checkPositive("buildRate", { speedMmPerS, hatchMm, layerMm });
  return speedMmPerS * hatchMm * layerMm;
}

/** What normalised enthalpy asks of a material; take all from one source. */
export interface BeamMaterial {
  /** Absorbed share of the power, 0 < A ≤ 1. */
  readonly absorptivity: number;
  readonly densityKgPerM3: number;
  /** Specific enthalpy from the starting temperature to melting, h_s = c (T_m − T₀) or with T₀ = 0, J/kg. */
  readonly meltingEnthalpyJPerKg: number;
  readonly diffusivityM2PerS: number;
}

/**
 * Normalised enthalpy ΔH/h_s = A P / (ρ h_s √(π D v a³)) in the form of Hann, a = spotMm/2 the radius of the beam at the
 * surface: how far beyond melting the beam heats the spot while it passes.
 *
 * Thresholds of keyholing hold for one definition only. For a Gaussian beam the 1/e² diameter is D4σ, which `spotMm`
 * should be; with σ itself as a the number is 2.83 times larger, with half the full width at half maximum 2.21 times. Gan's
 * keyhole number takes π out of the root and h_s = c (T_l − T₀): it is this number with that h_s, over √π.
 *
 * @throws DomainError unless all are positive and A ≤ 1
 * @see Hann, Iammi and Folkes, J. Phys. D 44 (2011) 445401, doi:10.1088/0022-3727/44/44/445401
 * @see King et al., J. Mater. Process. Technol. 214 (2014) 2915, doi:10.1016/j.jmatprotec.2014.06.005: powder beds
 * @see Gan et al., Nat. Commun. 12 (2021) 2379, doi:10.1038/s41467-021-22704-0, Eq. 1
 * @example
 * const steel = { absorptivity: 0.4, densityKgPerM3: 7900, meltingEnthalpyJPerKg: 1.2e6, diffusivityM2PerS: 5e-6 };
 * normalisedEnthalpy({ powerW: 200, speedMmPerS: 800, spotMm: 0.1 }, steel);
 */
export function normalisedEnthalpy(
  beam: { readonly powerW: number; readonly speedMmPerS: number; readonly spotMm: number },
  material: BeamMaterial,
): number {
  const { powerW, speedMmPerS, spotMm } = beam;
  const { absorptivity, densityKgPerM3, meltingEnthalpyJPerKg, diffusivityM2PerS } = material;
  checkPositive("normalisedEnthalpy", {
    powerW,
    speedMmPerS,
    spotMm,
    absorptivity,
    densityKgPerM3,
    meltingEnthalpyJPerKg,
    diffusivityM2PerS,
  });
  if (absorptivity > 1) throw new DomainError(`normalisedEnthalpy: absorptivity is at most 1, got ${absorptivity}`);
  const radiusM = spotMm / 2000;
  const root = Math.sqrt((Math.PI * diffusivityM2PerS * speedMmPerS * radiusM ** 3) / 1000);
  return (absorptivity * powerW) / (densityKgPerM3 * meltingEnthalpyJPerKg * root);
}

export function checkPositive(name: string, values: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(values)) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`${name}: ${key} must be positive and finite, got ${value}`);
    }
  }
}
