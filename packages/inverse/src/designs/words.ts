import { DataError } from "@materiome/core";

/** Letters of factors; I is the identity in this field. */
export const FACTOR_LETTERS = "ABCDEFGHJKLMNOP";

/** A product of factors: bit j is factor j. */
export interface Word {
  readonly bits: number;
  readonly sign: 1 | -1;
}

/** "-ABC" as a word. */
export function wordOf(text: string, nFactors: number): Word {
  const letters = text.trim().toUpperCase().replace(/^[+-]/, "");
  let bits = 0;
  for (const letter of letters) {
    const j = FACTOR_LETTERS.indexOf(letter);
    if (j < 0 || j >= nFactors) {
      throw new DataError(
        `fractionalFactorial: "${text}" names "${letter}"; factors here are ${FACTOR_LETTERS.slice(0, nFactors)}`,
      );
    }
    bits ^= 1 << j;
  }
  return { bits, sign: text.trim().startsWith("-") ? -1 : 1 };
}

export function wordText({ bits, sign }: Word): string {
  const letters = [...FACTOR_LETTERS].filter((_, j) => (bits >> j) & 1).join("");
  return `${sign < 0 ? "-" : ""}${letters === "" ? "I" : letters}`;
}

/** All products of the words "added factor × its generator". */
export function definingRelation(columns: readonly Word[], nBase: number): readonly Word[] {
  const words = columns.map(({ bits, sign }, i): Word => ({ bits: bits | (1 << (nBase + i)), sign }));
  const relation: Word[] = [];
  for (let subset = 1; subset < 2 ** words.length; subset++) {
    let product: Word = { bits: 0, sign: 1 };
    words.forEach(({ bits, sign }, i) => {
      if ((subset >> i) & 1) product = { bits: product.bits ^ bits, sign: (product.sign * sign) as 1 | -1 };
    });
    relation.push(product);
  }
  return relation.sort(byLength);
}

/** Shorter words first, then by their letters. */
export function byLength(a: Word, b: Word): number {
  return (
    sizeOf(a.bits) - sizeOf(b.bits) || wordText(a).replace("-", "").localeCompare(wordText(b).replace("-", ""), "en")
  );
}

/** Letters in a word. */
export function sizeOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
