import { DataError } from "../errors/errors.ts";
import { atomicFractions } from "./composition.ts";
import { atomicWeight, oxidationStates } from "./elements.ts";
import { type Composition, parseFormula } from "./parseFormula.ts";

export interface OxidesOptions {
  /** Oxidation state of elements that have several, such as `{ Fe: 3, Mn: 2 }`. @defaultValue none */
  readonly states?: Readonly<Record<string, number>> | undefined;
}

export interface OxideAnalysis {
  /** Mass fraction of each oxide, sum 1, in the order of the elements; keys such as "SiO2", "Al2O3". */
  readonly massFractions: ReadonlyMap<string, number>;
  /** Oxygen atoms that the oxides hold, per oxygen atom of the composition; NaN where that has no oxygen. */
  readonly oxygenRatio: number;
}

/**
 * Atomic fractions of the elements from an analysis in oxides, as of glasses, cements and slags: each oxide brings
 * n = m / M moles of its formula.
 *
 * @param amounts - amount of each compound by its formula (elements and other compounds are welcome too), on any common
 * scale
 * @param per - `"mass"` for wt%, `"mole"` for mol%
 * @throws FormatError for a key that is no formula
 * @throws DataError for amounts that are negative, not finite or all zero
 * @example
 * elementsFromOxides(new Map([["SiO2", 74], ["Na2O", 15], ["CaO", 11]])).get("Si"); // 0.2558…
 */
export function elementsFromOxides(amounts: ReadonlyMap<string, number>, per: "mass" | "mole" = "mass"): Composition {
  const elements = new Map<string, number>();
  for (const [formula, amount] of amounts) {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new DataError(
        `elementsFromOxides: amount of ${formula} is ${amount}; amounts must be finite and not negative`,
      );
    }
    if (amount === 0) continue;
    const compound = parseFormula(formula);
    const moles = per === "mass" ? amount / molarMass(compound) : amount;
    for (const [element, count] of compound) elements.set(element, (elements.get(element) ?? 0) + moles * count);
  }
  return atomicFractions(elements);
}

/**
 * Molar mass of a formula unit in g/mol: Σ n_i M_i.
 *
 * @throws DataError for an element without atomic weight
 * @example
 * molarMass(parseFormula("SiO2")); // 60.0843
 */
export function molarMass(composition: Composition): number {
  let sum = 0;
  for (const [element, count] of composition) sum += count * atomicWeight(element);
  return sum;
}

/**
 * A composition as mass fractions of the oxides of its elements, one oxide to each element other than oxygen, whatever
 * oxygen the composition holds (`oxygenRatio` tells how well that fits).
 *
 * An element with one common positive oxidation state takes that; one with several needs its entry in `states`.
 *
 * @throws DataError for an element without a state given that has several, or none that is positive (F, for one); a state
 * that is not a positive whole number; a composition without any element other than oxygen
 * @example
 * oxidesFromElements(parseFormula("Fe2SiO4"), { states: { Fe: 2 } }).massFractions; // Map { "FeO" → 0.705…, "SiO2" → … }
 */
export function oxidesFromElements(composition: Composition, options: OxidesOptions = {}): OxideAnalysis {
  const states = options.states ?? {};
  for (const element of Object.keys(states)) {
    if (!composition.has(element)) {
      throw new DataError(`oxidesFromElements: a state is given for ${element}, which the composition does not hold`);
    }
  }
  const masses = new Map<string, number>();
  let oxygen = 0;
  for (const [element, fraction] of atomicFractions(composition)) {
    if (element === "O" || fraction === 0) continue;
    const state = stateOf(element, states[element]);
    const [cations, anions] = state % 2 === 0 ? [1, state / 2] : [2, state];
    const formula = `${element}${cations === 1 ? "" : cations}O${anions === 1 ? "" : anions}`;
    const moles = fraction / cations;
    masses.set(formula, moles * (cations * atomicWeight(element) + anions * atomicWeight("O")));
    oxygen += moles * anions;
  }
  if (masses.size === 0) throw new DataError("oxidesFromElements: the composition holds no element other than oxygen");
  let sum = 0;
  for (const mass of masses.values()) sum += mass;
  return {
    massFractions: new Map([...masses].map(([formula, mass]) => [formula, mass / sum])),
    oxygenRatio: oxygen / (atomicFractions(composition).get("O") ?? Number.NaN),
  };
}

function stateOf(element: string, given: number | undefined): number {
  if (given !== undefined) {
    if (Number.isInteger(given) && given > 0) return given;
    throw new DataError(`oxidesFromElements: the state of ${element} must be a positive whole number, got ${given}`);
  }
  const positive = oxidationStates(element, "common").filter((state) => state > 0);
  const [only] = positive;
  if (positive.length === 1 && only !== undefined) return only;
  throw new DataError(
    positive.length === 0
      ? `oxidesFromElements: ${element} has no common positive oxidation state; leave it out, or give its state`
      : `oxidesFromElements: ${element} has the states ${positive.join(", ")}; say which, as in states: { ${element}: ${only} }`,
  );
}
