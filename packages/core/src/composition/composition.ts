import { DataError } from "../errors/errors.ts";
import { atomicWeight, isElement, unknownElement } from "./elements.ts";
import type { Composition } from "./parseFormula.ts";

/**
 * Atomic fractions (sum 1) of a composition given in amounts of any common scale.
 *
 * @throws DataError for an unknown element, if an amount is negative or not finite, or all are zero
 * @example
 * atomicFractions(parseFormula("Fe2O3")); // Map { "Fe" → 0.4, "O" → 0.6 }
 */
export function atomicFractions(composition: Composition): Composition {
  return scaled(composition, total("atomicFractions", composition));
}

/**
 * Atomic fractions from mass amounts (wt% or mass fractions, on one common scale).
 *
 * x_i = (w_i / M_i) / Σ (w_j / M_j), with the atomic weights M of the element table.
 *
 * @throws DataError for negative amounts, no amount at all, or an element without atomic weight
 * @example
 * atomicFractionsFromMass(new Map([["Fe", 99.2], ["C", 0.8]])).get("C"); // 0.0361…
 */
export function atomicFractionsFromMass(masses: Composition): Composition {
  total("atomicFractionsFromMass", masses);
  const moles = new Map([...masses].map(([element, mass]) => [element, mass === 0 ? 0 : mass / atomicWeight(element)]));
  return atomicFractions(moles);
}

/**
 * Mass fractions (sum 1) from atomic amounts.
 *
 * @throws DataError as {@link atomicFractionsFromMass}
 */
export function massFractions(composition: Composition): Composition {
  total("massFractions", composition);
  const masses = new Map([...composition].map(([element, n]) => [element, n === 0 ? 0 : n * atomicWeight(element)]));
  return scaled(masses, total("massFractions", masses));
}

/**
 * Adds the element that makes up the rest to 1: for alloys whose table leaves out the base metal.
 *
 * @param fractions - fractions of the listed elements, of one kind (mass or atomic), sum at most 1
 * @throws DataError if the fractions sum to more than 1, or already hold the balance element
 * @example
 * withBalance(new Map([["C", 0.0035], ["Mn", 0.0077]]), "Fe").get("Fe"); // 0.9888
 */
export function withBalance(fractions: Composition, balance: string): Composition {
  if (fractions.has(balance))
    throw new DataError(
      `${balance} already has an amount, so it cannot make up the rest; leave out the amount or the balance`,
    );
  let sum = 0;
  for (const fraction of fractions.values()) sum += fraction;
  if (!(sum <= 1 + 1e-9)) {
    throw new DataError(
      `the fractions sum to ${Number(sum.toPrecision(9))}, more than 1, which leaves nothing for ${balance}; are they in %?`,
    );
  }
  return new Map([...fractions, [balance, Math.max(0, 1 - sum)]]);
}

/**
 * One text per composition: elements in alphabetical order with atomic fractions to nine digits, so that formulas that
 * mean the same (`Fe2O3`, `O6Fe4`, `Fe0.4 O0.6`) compare equal.
 *
 * @example
 * compositionKey(parseFormula("O6Fe4")); // "Fe0.4 O0.6"
 */
export function compositionKey(composition: Composition): string {
  return [...atomicFractions(composition)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([element, fraction]) => `${element}${Number(fraction.toPrecision(9))}`)
    .join(" ");
}

function total(name: string, composition: Composition): number {
  let sum = 0;
  for (const [element, amount] of composition) {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new DataError(`${name}: amount of ${element} is ${amount}; amounts must be finite and not negative`);
    }
    if (!isElement(element)) throw unknownElement(name, element);
    sum += amount;
  }
  if (sum === 0) throw new DataError(`${name}: no element has an amount above zero`);
  return sum;
}

function scaled(composition: Composition, sum: number): Composition {
  return new Map([...composition].map(([element, amount]) => [element, amount / sum]));
}
