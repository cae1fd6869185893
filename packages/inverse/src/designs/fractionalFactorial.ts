import { DataError, DomainError } from "@materiome/core";
import { type Design, designOf } from "./design.ts";
import { minimumAberration } from "./minimumAberration.ts";
import { byLength, definingRelation, FACTOR_LETTERS, sizeOf, type Word, wordOf, wordText } from "./words.ts";

export interface FractionalFactorialOptions {
  /**
   * One for each added factor, such as `["E=ABC", "F=-BCD"]`; factors are lettered A, B, C, … without I.
   * @defaultValue those of least aberration for `runs`
   */
  readonly generators?: readonly string[] | undefined;
  /** A power of two; needed where no generators are given. */
  readonly runs?: number | undefined;
}

/** A two-level design of part of all combinations, and what cannot be told apart in it. */
export interface FractionalFactorial extends Design {
  readonly generators: readonly string[];
  /** Products of columns that are constant, shortest first, such as `["ABCE", "-BCDF", "-ADEF"]`. */
  readonly definingRelation: readonly string[];
  /** Length of the shortest of these words; ∞ for a full factorial. */
  readonly resolution: number;
  /**
   * Effects of up to `order` factors that have the same column as this one (up to sign).
   *
   * @param effect such as "A" or "AB" @param order @defaultValue 2
   */
  aliases(effect: string, order?: number): readonly string[];
}

/**
 * Regular two-level fractional factorial 2^(k − p).
 *
 * @param nFactors k, 2 … 15
 * @throws DomainError for a number of runs that is no power of two, too small or too large
 * @throws DataError for generators that cannot be read, name unknown factors, or make two main effects equal
 * @see Box & Hunter, Technometrics 3, 311 (1961), doi:10.1080/00401706.1961.10489951; Fries & Hunter, Technometrics 22, 601 (1980)
 * @example
 * const { resolution, definingRelation } = fractionalFactorial(5, { generators: ["E=ABCD"] });
 * resolution; // 5
 */
export function fractionalFactorial(nFactors: number, options: FractionalFactorialOptions): FractionalFactorial {
  if (!(Number.isInteger(nFactors) && nFactors >= 2 && nFactors <= FACTOR_LETTERS.length)) {
    throw new DomainError(`fractionalFactorial: 2 to ${FACTOR_LETTERS.length} factors, got ${nFactors}`);
  }
  const generators = options.generators ?? minimumAberration(nFactors, options.runs);
  const nBase = nFactors - generators.length;
  if (nBase < 1) throw new DataError(`fractionalFactorial: ${generators.length} generators for ${nFactors} factors`);
  if (options.runs !== undefined && options.runs !== 2 ** nBase) {
    throw new DomainError(
      `fractionalFactorial: ${generators.length} generators of ${nFactors} factors give ${2 ** nBase} runs, not ${options.runs}; leave one of both out`,
    );
  }
  const columns = generators.map((text, i) => parseGenerator(text, nBase + i, nBase));
  const relation = definingRelation(columns, nBase);
  const resolution = relation.reduce((least, { bits }) => Math.min(least, sizeOf(bits)), Number.POSITIVE_INFINITY);
  if (resolution < 3) {
    const short = relation.find(({ bits }) => sizeOf(bits) < 3) as Word; // resolution is its length
    throw new DataError(
      `fractionalFactorial: ${wordText(short)} is constant, so main effects cannot be told apart; choose other generators`,
    );
  }
  const rows = Array.from({ length: 2 ** nBase }, (_, run) => {
    const base = Array.from({ length: nBase }, (_, j) => ((run >> j) & 1 ? 1 : -1));
    const added = columns.map(({ bits, sign }) =>
      base.reduce<number>((s, x, j) => ((bits >> j) & 1 ? s * x : s), sign),
    );
    return [...base, ...added];
  });
  const design = designOf("fractional factorial design", "signed", rows, nFactors);
  return {
    ...design,
    generators,
    definingRelation: relation.map(wordText),
    resolution,
    aliases(effect, order = 2) {
      const asked = wordOf(effect, nFactors);
      return relation
        .map(({ bits, sign }) => ({ bits: bits ^ asked.bits, sign: (sign * asked.sign) as 1 | -1 }))
        .filter(({ bits }) => sizeOf(bits) <= order)
        .sort(byLength)
        .map(wordText);
    },
  };
}

/** "E=-ABC" as the product of base columns. */
function parseGenerator(text: string, factor: number, nBase: number): Word {
  const [left = "", right = ""] = text.replaceAll(/\s/g, "").toUpperCase().split("=");
  const expected = FACTOR_LETTERS[factor];
  if (left.replace(/^[+-]/, "") !== expected || right === "") {
    throw new DataError(
      `fractionalFactorial: generator "${text}" should say what ${expected} is, such as "${expected}=AB"`,
    );
  }
  const word = wordOf(right, nBase);
  return { bits: word.bits, sign: (left.startsWith("-") ? -word.sign : word.sign) as 1 | -1 };
}
