import { DataError } from "../errors/errors.ts";
import { readAmounts } from "./elementAmounts.ts";
import { ELEMENT_SYMBOLS, elementProperty, oxidationStates } from "./elements.ts";
import type { Composition } from "./parseFormula.ts";

export interface OxidationStatesOptions {
  /** `"common"` states of textbooks, or all `"observed"` ones: see `oxidationStates`. @defaultValue "observed" */
  readonly states?: "common" | "observed" | undefined;
  /**
   * Where no neutral assignment of one state to each element exists, let one element stand between two neighbouring states
   * of one sign, as iron in Fe3O4 (8/3). @defaultValue true
   */
  readonly mixedValence?: boolean | undefined;
}

/** Charge per atom within which a compound counts as neutral. */
const NEUTRAL = 1e-6;
/** Assignments that are tried before the search is given up. */
const MOST_TRIED = 2_000_000;

/**
 * A charge-neutral assignment of oxidation states, the mean state of each element, or undefined where there is none.
 *
 * Every element takes one of its states such that Σ x_i q_i = 0 (within 1e-6 per atom). Tried in turn: common states, one
 * to each element; common states with one element mixed; then the same with observed states. Of several assignments that
 * one counts whose negative charge sits on the most electronegative elements: smallest S = Σ x_i q_i χ_i with Pauling's χ (an
 * element without χ counts with 0); the first turn with S < 0 wins, else the smallest S of all. This is a guess from the
 * formula alone; it knows neither structure nor bonding. Oxygen stands at −2 in both lists of states, so peroxides and
 * superoxides (H2O2, KO2) have no assignment, as have metallic alloys (Ni3Al); an element at two states of both signs
 * (NH4NO3) has their mean.
 *
 * @throws DataError for an element of which no oxidation state is known, or where the search is too long to finish
 * @example
 * guessOxidationStates(parseFormula("Fe2O3")); // Map { "Fe" → 3, "O" → -2 }
 */
export function guessOxidationStates(
  composition: Composition,
  options: OxidationStatesOptions = {},
): ReadonlyMap<string, number> | undefined {
  const { n, total, rows, amounts } = readAmounts("guessOxidationStates", composition);
  const symbols = Array.from({ length: n }, (_, i) => ELEMENT_SYMBOLS[rows[i] ?? 0] ?? "");
  const fractions = Array.from({ length: n }, (_, i) => (amounts[i] ?? 0) / total);
  const tried = { count: 0 };
  let best: Guess | undefined;
  for (const kind of options.states === "common" ? COMMON : BOTH) {
    // Wide spans first: the bounds of what remains are then tight. Ties by symbol, so that the order of elements is nothing.
    const ions = symbols
      .map((symbol, i) => ionOf(symbol, fractions[i] ?? 0, kind))
      .sort((a, b) => span(b) - span(a) || (a.symbol < b.symbol ? -1 : 1));
    const single = search(ions, false, tried);
    best = better(best, single);
    if ((best?.score ?? 0) < 0) break;
    if (options.mixedValence ?? true) {
      for (const mixed of ions) {
        best = better(best, search([...ions.filter((ion) => ion !== mixed), mixed], true, tried));
      }
    }
    if ((best?.score ?? 0) < 0) break;
  }
  if (best === undefined) return undefined;
  const charges = best.charges;
  return new Map(symbols.map((symbol) => [symbol, charges.get(symbol) ?? Number.NaN]));
}

const COMMON = ["common"] as const;
const BOTH = ["common", "observed"] as const;

function ionOf(symbol: string, fraction: number, kind: "common" | "observed"): Ion {
  const states = oxidationStates(symbol, kind);
  if (states.length === 0) throw new DataError(`no oxidation state is known for ${symbol}`);
  const chi = elementProperty(symbol, "Electronegativity");
  return { symbol, states, fraction, chi: Number.isNaN(chi) ? 0 : chi };
}

function better(a: Guess | undefined, b: Guess | undefined): Guess | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.score < a.score - 1e-12 ? b : a;
}

interface Ion {
  readonly symbol: string;
  readonly states: readonly number[];
  readonly fraction: number;
  readonly chi: number;
}

interface Guess {
  readonly score: number;
  readonly charges: ReadonlyMap<string, number>;
}

function span(ion: Ion): number {
  return ion.fraction * ((ion.states.at(-1) ?? 0) - (ion.states[0] ?? 0));
}

/** Best neutral assignment; the state of the last ion follows from the others (a mean of two states if `isMixed`). */
function search(ions: readonly Ion[], isMixed: boolean, tried: { count: number }): Guess | undefined {
  const n = ions.length;
  // Least and greatest charge that the ions from i on can add.
  const least = new Float64Array(n + 1);
  const greatest = new Float64Array(n + 1);
  for (let i = n - 1; i >= 0; i--) {
    const { states, fraction } = ions[i] as Ion; // i < n
    least[i] = (least[i + 1] ?? 0) + fraction * (states[0] ?? 0);
    greatest[i] = (greatest[i + 1] ?? 0) + fraction * (states.at(-1) ?? 0);
  }
  const charges = new Float64Array(n);
  let best: Float64Array | undefined;
  let bestScore = Number.POSITIVE_INFINITY;
  const descend = (i: number, charge: number, score: number): void => {
    if (++tried.count > MOST_TRIED) {
      throw new DataError(`the oxidation states of ${n} elements allow too many assignments to try them all`);
    }
    const low = charge + (least[i] ?? 0);
    const high = charge + (greatest[i] ?? 0);
    if (low > NEUTRAL || high < -NEUTRAL) return;
    const { states, fraction, chi } = ions[i] as Ion; // i < n
    if (i < n - 1) {
      for (const state of states) {
        charges[i] = state;
        descend(i + 1, charge + fraction * state, score + fraction * state * chi);
      }
      return;
    }
    const wanted = -charge / fraction;
    const state = isMixed ? between(states, wanted) : states.find((q) => Math.abs(q - wanted) * fraction <= NEUTRAL);
    if (state === undefined) return;
    charges[i] = state;
    const whole = score + fraction * state * chi;
    if (whole < bestScore - 1e-12) {
      bestScore = whole;
      best = charges.slice();
    }
  };
  descend(0, 0, 0);
  const found = best;
  if (found === undefined) return undefined;
  return { score: bestScore, charges: new Map(ions.map((ion, i) => [ion.symbol, found[i] ?? Number.NaN])) };
}

/** The wanted mean if it lies between two neighbouring states of one sign. */
function between(states: readonly number[], wanted: number): number | undefined {
  for (const [k, upper] of states.entries()) {
    const lower = states[k - 1];
    if (lower !== undefined && lower * upper > 0 && lower < wanted && wanted < upper) return wanted;
  }
  return undefined;
}
