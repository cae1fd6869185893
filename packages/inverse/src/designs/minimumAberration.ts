import { DomainError } from "@materiome/core";
import { definingRelation, FACTOR_LETTERS, sizeOf, wordText } from "./words.ts";

const MOST_CHOICES = 400_000;

/**
 * Generators whose defining relation has the fewest short words (least aberration; Fries & Hunter 1980), found by trying every choice.
 * Among equals the first whose generators are longest, as tables print them.
 */
export function minimumAberration(nFactors: number, runs: number | undefined): readonly string[] {
  if (runs === undefined) throw new DomainError("fractionalFactorial: give the number of runs, or generators");
  const nBase = Math.log2(runs);
  if (!(Number.isInteger(nBase) && nBase >= 2)) {
    throw new DomainError(`fractionalFactorial: runs must be a power of two of at least 4, got ${runs}`);
  }
  if (nBase > nFactors) {
    throw new DomainError(`fractionalFactorial: ${nFactors} factors have ${2 ** nFactors} combinations, not ${runs}`);
  }
  if (nFactors > runs - 1) {
    throw new DomainError(`fractionalFactorial: ${runs} runs take at most ${runs - 1} factors, got ${nFactors}`);
  }
  const nAdded = nFactors - nBase;
  const candidates = Array.from({ length: runs }, (_, bits) => bits)
    .filter((bits) => sizeOf(bits) >= 2)
    .sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
  let choices = 1;
  for (let i = 0; i < nAdded; i++) choices = (choices * (candidates.length - i)) / (i + 1);
  if (choices > MOST_CHOICES) {
    throw new DomainError(
      `fractionalFactorial: ${Math.round(choices)} choices of generators are too many to try; give generators of a published table`,
    );
  }
  let best: { readonly bits: readonly number[]; readonly pattern: readonly number[] } | undefined;
  const visit = (from: number, chosen: number[]): void => {
    if (chosen.length === nAdded) {
      const pattern = new Array<number>(nFactors + 1).fill(0);
      const columns = chosen.map((bits) => ({ bits, sign: 1 }) as const);
      for (const { bits } of definingRelation(columns, nBase)) pattern[sizeOf(bits)] = (pattern[sizeOf(bits)] ?? 0) + 1;
      if (best === undefined || isLess(pattern, best.pattern)) best = { bits: [...chosen], pattern };
      return;
    }
    for (let i = from; i < candidates.length; i++) visit(i + 1, [...chosen, candidates[i] as number]); // i < length
  };
  visit(0, []);
  return (best?.bits ?? []).map((bits, i) => `${FACTOR_LETTERS[nBase + i]}=${wordText({ bits, sign: 1 })}`);
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((count, i) => count !== b[i]);
  return at >= 0 && (a[at] as number) < (b[at] as number);
}
