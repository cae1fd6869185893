import { MISSING_NUMBER_TOKENS, MISSING_TOKENS, parseNumber } from "../table/numberText.ts";

/** Which texts of a column mean "no value". */
export interface MissingTexts {
  /** In a column of any kind. */
  has(text: string): boolean;
  /** In a column of numbers or formulas. */
  hasAsNumber(text: string): boolean;
  /** True if a number may mean "no value", as −999 does in some logs. */
  readonly includesNumbers: boolean;
}

const DEFAULT: MissingTexts = missingTexts(MISSING_TOKENS, MISSING_NUMBER_TOKENS);

/** The default tokens, or exactly the given ones in columns of every kind; compared trimmed and in lower case. */
export function missingTextsOf(tokens: readonly string[] | undefined): MissingTexts {
  return tokens === undefined ? DEFAULT : missingTexts(tokens, []);
}

function missingTexts(always: readonly string[], inNumbers: readonly string[]): MissingTexts {
  const fold = (text: string): string => text.trim().toLowerCase();
  const all = new Set(["", ...always.map(fold)]);
  const numeric = new Set([...all, ...inNumbers.map(fold)]);
  return {
    has: (text) => all.has(fold(text)),
    hasAsNumber: (text) => numeric.has(fold(text)),
    includesNumbers: always.some(
      (token) => parseNumber(token, ".") !== undefined || parseNumber(token, ",") !== undefined,
    ),
  };
}
