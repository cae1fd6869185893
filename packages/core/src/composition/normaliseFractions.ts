import { DataError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { withBalance } from "./composition.ts";
import { ELEMENT_SYMBOLS } from "./elements.ts";
import { type Composition, tryParseFormula } from "./parseFormula.ts";

/**
 * How amounts become fractions of the whole.
 *
 * - `"none"`: they are the whole already; their sum must be 1 within `tolerance`, and they stay as they are;
 * - `"to1"`: they are divided by their sum, which must not exceed 1 by more than `tolerance` (it may be less: elements
 *   that were not analysed are spread over the others);
 * - `"balance"`: the element `balance` makes up the rest to 1; the sum of the others must not exceed 1.
 */
export type Normalise = "none" | "to1" | "balance";

export interface NormaliseOptions {
  /** Rule of normalisation. @defaultValue "balance" where `balance` is given, else "none" */
  readonly normalise?: Normalise | undefined;
  /** Element that makes up the rest (among oxides: an oxide). @defaultValue none */
  readonly balance?: string | undefined;
  /** How far from 1 the sum may be. @defaultValue 0.005, that is 0.5 % */
  readonly tolerance?: number | undefined;
}

/**
 * Fractions of the whole by one of the rules of {@link Normalise}.
 *
 * @param fractions - fractions of one kind (mass or atomic), not in percent
 * @throws DataError where the sum breaks the rule, the balance element is unknown, missing or has an amount already
 * @example
 * normaliseFractions(new Map([["C", 0.008]]), { balance: "Fe" }).get("Fe"); // 0.992
 */
export function normaliseFractions(fractions: Composition, options: NormaliseOptions = {}): Composition {
  const { balance, tolerance = 0.005 } = options;
  const normalise = options.normalise ?? (balance === undefined ? "none" : "balance");
  if (!(tolerance >= 0)) throw new DataError(`normaliseFractions: tolerance must be at least 0, got ${tolerance}`);
  if (normalise === "balance") {
    if (balance === undefined) throw new DataError('normaliseFractions: normalise: "balance" needs a balance element');
    if (tryParseFormula(balance) === undefined) {
      const [near] = nearestNames(balance, ELEMENT_SYMBOLS, 1);
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      throw new DataError(`normaliseFractions: no element "${balance}" for the balance${hint}`);
    }
    const others = sumOf(fractions);
    if (others > 1 + 1e-9 && !fractions.has(balance)) {
      throw new DataError(
        `the amounts sum to ${percent(others)} % of the whole, above 100 %, which leaves nothing for ${balance}; is the unit right?`,
      );
    }
    return withBalance(fractions, balance);
  }
  if (balance !== undefined) {
    throw new DataError(`normaliseFractions: ${balance} cannot make up the rest where normalise is "${normalise}"`);
  }
  const sum = sumOf(fractions);
  if (sum === 0) throw new DataError("no element has an amount above zero");
  if (!(sum <= 1 + tolerance)) {
    throw new DataError(`the amounts sum to ${percent(sum)} % of the whole, above 100 %; is the unit right?`);
  }
  if (normalise === "to1") return new Map([...fractions].map(([element, fraction]) => [element, fraction / sum]));
  if (normalise !== "none") {
    throw new DataError(
      `normaliseFractions: normalise must be "none", "to1" or "balance", got ${JSON.stringify(normalise)}`,
    );
  }
  if (sum < 1 - tolerance) {
    throw new DataError(
      `the amounts sum to ${percent(sum)} % of the whole; name the element that makes up the rest (balance), or scale them with normalise: "to1"`,
    );
  }
  return fractions;
}

function sumOf(fractions: Composition): number {
  let sum = 0;
  for (const fraction of fractions.values()) sum += fraction;
  return sum;
}

function percent(sum: number): string {
  return String(Number((100 * sum).toPrecision(6)));
}
