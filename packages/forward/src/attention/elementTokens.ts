import type { Matrix } from "@materiome/core";
import { ELEMENT_PROPERTIES, ELEMENT_SYMBOLS, elementProperty } from "@materiome/core/composition";
import type { AmountColumns } from "./amountColumns.ts";

/** Tokens of compositions: one for each element of a row that has an amount, and one for what is left to the whole. */
export interface ElementTokens {
  /** Where the tokens of each row begin, [nSamples + 1]. */
  readonly starts: Int32Array;
  /** Place of each token's element among the columns; behind the last: the rest. */
  readonly places: Int32Array;
  /** Fraction of each token; those of a row sum to 1. */
  readonly fractions: Float64Array;
  /** What a net sees of each fraction, [nTokens, FRACTION_CODES]. */
  readonly codes: Matrix;
}

/** A smaller rest is rounding of amounts. */
export const LEAST_REST = 1e-3;
/** Waves over a fraction, and over its logarithm, in periods from the slowest to the fastest. */
const N_WAVES = 4;
const [SLOWEST, FASTEST] = [0.5, 4];
/** Decades below the whole that the logarithm tells apart. */
export const DECADES = 6;

export const FRACTION_CODES: number = 2 + 4 * N_WAVES;

/** Angle of each wave per unit of what it runs over. */
export const WAVES: readonly number[] = Array.from(
  { length: N_WAVES },
  (_, k) => 2 * Math.PI * SLOWEST * (FASTEST / SLOWEST) ** (k / (N_WAVES - 1)),
);

/** Tokens of rows of fractions, [nSamples, nElements], each at least 0. */
export function elementTokens({ rows, columns, data }: Matrix, nElements: number): ElementTokens {
  const starts = new Int32Array(rows + 1);
  const places: number[] = [];
  const amounts: number[] = [];
  const fractions: number[] = [];
  for (let i = 0; i < rows; i++) {
    let total = 0;
    for (let e = 0; e < nElements; e++) {
      const amount = data[i * columns + e] as number; // e < columns
      if (amount <= 0) continue;
      total += amount;
      places.push(e);
      amounts.push(amount);
    }
    const rest = 1 - total;
    if (rest > LEAST_REST) {
      places.push(nElements);
      amounts.push(rest);
      total = 1;
    }
    for (let t = starts[i] as number; t < amounts.length; t++) fractions.push((amounts[t] as number) / total);
    starts[i + 1] = amounts.length;
  }
  return {
    starts,
    places: Int32Array.from(places),
    fractions: Float64Array.from(fractions),
    codes: fractionCodes(amounts),
  };
}

/**
 * Fraction f and 1 + log₁₀ f / 6, and sines and cosines of some waves over each: what differs in the third decimal of one differs in the first of
 * the other, as in the encoding of CrabNet, with fewer and slower waves.
 */
function fractionCodes(fractions: readonly number[]): Matrix {
  const data = new Float64Array(fractions.length * FRACTION_CODES);
  for (const [t, fraction] of fractions.entries()) {
    let at = t * FRACTION_CODES;
    for (const place of [fraction, 1 + Math.log10(Math.max(fraction, 10 ** -DECADES)) / DECADES]) {
      data[at++] = place;
      for (const wave of WAVES) {
        const angle = wave * place;
        data[at++] = Math.sin(angle);
        data[at++] = Math.cos(angle);
      }
    }
  }
  return { rows: fractions.length, columns: FRACTION_CODES, data };
}

/**
 * Properties of the elements of amount columns, [nElements, nProperties], standardised over all elements that have them. A gap is the mean over
 * those, 0: a place to start from, as each element also has an offset that is learnt.
 */
export function elementVectors({ elements }: AmountColumns): Matrix {
  const nProperties = ELEMENT_PROPERTIES.length;
  const data = new Float64Array(elements.length * nProperties);
  for (const [p, property] of ELEMENT_PROPERTIES.entries()) {
    const known = ELEMENT_SYMBOLS.map((symbol) => elementProperty(symbol, property)).filter((v) => !Number.isNaN(v));
    const mean = known.reduce((sum, v) => sum + v, 0) / known.length;
    const std = Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length);
    for (const [e, symbol] of elements.entries()) {
      const value = elementProperty(symbol, property);
      data[e * nProperties + p] = Number.isNaN(value) ? 0 : (value - mean) / std;
    }
  }
  return { rows: elements.length, columns: nProperties, data };
}
