import { DomainError } from "../errors/errors.ts";
import { checkPositive } from "./energyDensity.ts";

/** Thickness of a film grown at a constant rate, nm. @throws DomainError unless both are positive */
export function filmThickness(rateNmPerS: number, timeS: number): number {
  checkPositive("filmThickness", { rateNmPerS, timeS });
  return rateNmPerS * timeS;
}

/**
 * Homologous temperature T/T_m, the abscissa of structure-zone diagrams.
 *
 * @throws DomainError unless both are positive
 * @see Thornton, J. Vac. Sci. Technol. 11 (1974) 666, doi:10.1116/1.1312732
 * @example
 * homologousTemperature(573.15, 1941); // Ti film at 300 °C: 0.295
 */
export function homologousTemperature(temperatureK: number, meltingK: number): number {
  checkPositive("homologousTemperature", { temperatureK, meltingK });
  return temperatureK / meltingK;
}

/**
 * Melting temperature by the rule of mixtures, Σ xᵢ T_m,i, K: the convention of high-entropy-alloy descriptors, not a
 * prediction of a solidus or liquidus.
 *
 * @param atomicFractions - by element, positive, summing to 1 within 1e-6
 * @param meltingK - melting temperature of each of these elements
 * @throws DomainError if an element has no melting temperature, or the fractions do not sum to 1
 * @example
 * meltingByMixture(new Map([["Fe", 0.5], ["Ni", 0.5]]), new Map([["Fe", 1811], ["Ni", 1728]])); // 1769.5
 */
export function meltingByMixture(
  atomicFractions: ReadonlyMap<string, number>,
  meltingK: ReadonlyMap<string, number>,
): number {
  let sum = 0;
  let total = 0;
  for (const [element, fraction] of atomicFractions) {
    const melting = meltingK.get(element);
    if (melting === undefined) throw new DomainError(`meltingByMixture: no melting temperature of ${element}; add it`);
    checkPositive("meltingByMixture", { [`fraction of ${element}`]: fraction, [`T_m of ${element}`]: melting });
    sum += fraction * melting;
    total += fraction;
  }
  if (!(Math.abs(total - 1) <= 1e-6)) {
    throw new DomainError(`meltingByMixture: atomic fractions sum to ${total}, expected 1; divide by the sum`);
  }
  return sum;
}
