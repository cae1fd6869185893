import type { Basis } from "../linear/basis.ts";
import type { Trees } from "../tree/trees.ts";

/** Leaf values of all trees, times `scale`. */
export interface TreesPart {
  readonly kind: "trees";
  readonly trees: Trees;
  readonly scale: number;
}

/** Terms of a basis, times coefficients, times `scale`. */
export interface PolynomialPart {
  readonly kind: "polynomial";
  readonly basis: Basis;
  readonly coefficients: Float64Array;
  readonly scale: number;
}

/** A predicted mean as `offset` plus a sum of parts whose Shapley values have a closed form; they add up as the parts do. */
export interface MeanParts {
  readonly offset: number;
  readonly parts: readonly (TreesPart | PolynomialPart)[];
}

/** The weighted sum of several means; undefined if one of them has no such form. */
export function addParts(members: readonly (MeanParts | undefined)[], weights: Float64Array): MeanParts | undefined {
  let offset = 0;
  const parts: (TreesPart | PolynomialPart)[] = [];
  for (const [k, member] of members.entries()) {
    if (member === undefined) return undefined;
    const weight = weights[k] as number; // one per member
    offset += weight * member.offset;
    parts.push(...member.parts.map((part) => ({ ...part, scale: weight * part.scale })));
  }
  return { offset, parts };
}
