import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { momentsOf } from "./standardiser.ts";

/**
 * Standardised polynomial terms of the features. Term k is the product of the standardised features `first[k]` and
 * `second[k]` (−1: none), itself centred and scaled with the training rows. Constant terms are left out.
 */
export interface Basis {
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly termCentre: Float64Array;
  readonly termScale: Float64Array;
}

/** Largest number of terms, and largest min(rows, terms) of the eigenproblem, that a ridge takes. */
export const MOST_TERMS = 5000;
export const MOST_RANK = 1500;

/** Number of terms of a polynomial of degree 1 or 2 in d features, without the constant. */
export function countTerms(d: number, degree: 1 | 2): number {
  return degree === 1 ? d : d + (d * (d + 1)) / 2;
}

export function fitBasis(x: Matrix, degree: 1 | 2): Basis {
  const { columns: d } = x;
  const centre = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let f = 0; f < d; f++) {
    const moments = momentsOf(x.rows, (i) => x.data[i * d + f] as number); // f < d
    centre[f] = moments.mean;
    scale[f] = moments.std;
  }
  const first: number[] = [];
  const second: number[] = [];
  const termCentre: number[] = [];
  const termScale: number[] = [];
  const z = (i: number, f: number): number =>
    ((x.data[i * d + f] as number) - (centre[f] as number)) / (scale[f] as number);
  const add = (a: number, b: number): void => {
    const moments = momentsOf(x.rows, (i) => (b < 0 ? z(i, a) : z(i, a) * z(i, b)));
    if (moments.std === 0) return;
    first.push(a);
    second.push(b);
    termCentre.push(moments.mean);
    termScale.push(moments.std);
  };
  const varying = Array.from(scale.keys()).filter((f) => scale[f] !== 0);
  for (const a of varying) add(a, -1);
  if (degree === 2) for (const a of varying) for (const b of varying) if (b >= a) add(a, b);
  return {
    centre,
    scale,
    first: Int32Array.from(first),
    second: Int32Array.from(second),
    termCentre: Float64Array.from(termCentre),
    termScale: Float64Array.from(termScale),
  };
}

/** Terms of rows, shape [nSamples, nTerms]. */
export function expand(basis: Basis, x: Matrix): Matrix {
  const { first, second, centre, scale, termCentre, termScale } = basis;
  const { rows, columns: d } = x;
  const p = first.length;
  const data = new Float64Array(rows * p);
  const z = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    for (let f = 0; f < d; f++) {
      z[f] = scale[f] === 0 ? 0 : ((x.data[i * d + f] as number) - (centre[f] as number)) / (scale[f] as number);
    }
    for (let k = 0; k < p; k++) {
      const a = z[first[k] as number] as number; // features < d
      const b = second[k] as number;
      const term = b < 0 ? a : a * (z[b] as number);
      data[i * p + k] = (term - (termCentre[k] as number)) / (termScale[k] as number);
    }
  }
  return { rows, columns: p, data };
}

export function encodeBasis(basis: Basis): Json {
  return {
    centre: encodeArray(basis.centre),
    scale: encodeArray(basis.scale),
    first: encodeArray(basis.first),
    second: encodeArray(basis.second),
    termCentre: encodeArray(basis.termCentre),
    termScale: encodeArray(basis.termScale),
  };
}

/** @throws FormatError if the arrays do not fit together */
export function decodeBasis(data: unknown, nFeatures: number): Basis {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const basis: Basis = {
    centre: decodeArray(stored["centre"], "f64"),
    scale: decodeArray(stored["scale"], "f64"),
    first: decodeArray(stored["first"], "i32"),
    second: decodeArray(stored["second"], "i32"),
    termCentre: decodeArray(stored["termCentre"], "f64"),
    termScale: decodeArray(stored["termScale"], "f64"),
  };
  const p = basis.first.length;
  const isWhole =
    basis.centre.length === nFeatures &&
    basis.scale.length === nFeatures &&
    basis.second.length === p &&
    basis.termCentre.length === p &&
    basis.termScale.length === p &&
    basis.first.every((f) => f >= 0 && f < nFeatures) &&
    basis.second.every((f) => f < nFeatures);
  if (!isWhole) throw new FormatError("ridge: the stored terms are inconsistent; the file is damaged, train again");
  return basis;
}
