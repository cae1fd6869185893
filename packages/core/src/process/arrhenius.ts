import { DomainError } from "../errors/errors.ts";
import { expIntegralE1 } from "../numerics/special/exponentialIntegral.ts";
import { GAS_CONSTANT_J_PER_MOL_K } from "../units/gasConstant.ts";
import type { ThermalProfile } from "./thermalProfile.ts";

/**
 * Time at a constant temperature that does as much as a thermal history, for a process that follows Arrhenius:
 * t_eq = ∫ exp(−(Q/R)(1/T(t) − 1/T_ref)) dt, exact on the linear pieces of the profile.
 *
 * On a ramp from T₀ to T₁ within Δt the integral is Δt/(T₁ − T₀) · [T E₂(Q/(R T))] between both ends, E₂ the
 * exponential integral; where both ends are close it is taken by Gauss–Legendre quadrature. Relative error below 1e-12.
 * It does not depend on how the profile is cut into pieces, and doubles when every time does.
 *
 * @param profile - the history
 * @param activationEnergyJPerMol - Q ≥ 0; 0 gives the duration
 * @param referenceK - T_ref > 0
 * @returns seconds
 * @throws DomainError outside these ranges
 * @example
 * const profile = createProfile([0, 3600, 7200], [873.15, 873.15, 773.15]);
 * equivalentTime(profile, 250e3, 873.15); // 3600 s of holding + 392 s for the cooling
 */
export function equivalentTime(profile: ThermalProfile, activationEnergyJPerMol: number, referenceK: number): number {
  if (!(activationEnergyJPerMol >= 0) || activationEnergyJPerMol === Number.POSITIVE_INFINITY) {
    throw new DomainError(
      `equivalentTime: the activation energy must be 0 J/mol or more, got ${activationEnergyJPerMol}`,
    );
  }
  if (!(referenceK > 0)) throw new DomainError(`equivalentTime: the reference must be above 0 K, got ${referenceK}`);
  const { timeS, temperatureK } = profile;
  const theta = activationEnergyJPerMol / GAS_CONSTANT_J_PER_MOL_K;
  let sum = 0;
  for (let i = 1; i < timeS.length; i++) {
    const dt = (timeS[i] as number) - (timeS[i - 1] as number); // i < length, here and below
    if (dt > 0) sum += dt * meanFactor(temperatureK[i - 1] as number, temperatureK[i] as number, theta, referenceK);
  }
  return sum;
}

/** Mean of exp(−θ(1/T − 1/T_ref)) for T uniform between T₀ and T₁. */
function meanFactor(t0: number, t1: number, theta: number, referenceK: number): number {
  const factor = (t: number): number => Math.exp(theta / referenceK - theta / t);
  if (t0 === t1 || theta === 0) return factor(t0);
  const change = Math.abs(theta / t0 - theta / t1) + Math.abs(Math.log(t1 / t0));
  if (change < 1) {
    const middle = (t0 + t1) / 2;
    const half = (t1 - t0) / 2;
    let sum = 0;
    for (const [x, w] of GAUSS_10) sum += w * (factor(middle - half * x) + factor(middle + half * x));
    return sum / 2;
  }
  const integral = (t: number): number => t * factor(t) * scaledE2(theta / t);
  return (integral(t1) - integral(t0)) / (t1 - t0);
}

/** Positive abscissae and weights of ten-point Gauss–Legendre quadrature (DLMF 3.5(v)). */
const GAUSS_10: readonly (readonly [number, number])[] = [
  [0.14887433898163122, 0.29552422471475287],
  [0.4333953941292472, 0.26926671930999635],
  [0.6794095682990244, 0.21908636251598204],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.06667134430868814],
];

/** exp(x) E₂(x), x ≥ 0: 1 − x exp(x) E₁(x) below 1, the continued fraction (DLMF 8.19.17, modified Lentz) above. */
export function scaledE2(x: number): number {
  if (x === 0) return 1;
  if (x < 1) return 1 - x * Math.exp(x) * expIntegralE1(x);
  let b = x + 2;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 500; i++) {
    const a = -i * (i + 1);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const factor = c * d;
    h *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return h;
}
