import { GAS_CONSTANT_J_PER_MOL_K } from "../../units/gasConstant.ts";
import { atomicFractions } from "../composition.ts";
import type { Composition } from "../parseFormula.ts";
import type { ElementTable } from "./elementTable.ts";
import { binaryMixingEnthalpy } from "./miedema.ts";

/** Elements of a composition with their atomic fractions, and the sums over them that descriptors are made of. */
export interface Alloy {
  readonly symbols: readonly string[];
  readonly fractions: readonly number[];
}

/** @throws DataError for amounts that are negative, not finite or all zero */
export function alloyOf(composition: Composition): Alloy {
  const present = [...atomicFractions(composition)].filter(([, fraction]) => fraction > 0);
  return { symbols: present.map(([symbol]) => symbol), fractions: present.map(([, fraction]) => fraction) };
}

/** Values of the elements, NaN where the table has none. */
export function valuesOf(alloy: Alloy, table: ElementTable): number[] {
  return alloy.symbols.map((symbol) => table.values.get(symbol) ?? Number.NaN);
}

/** Σ c x */
export function meanOf(alloy: Alloy, table: ElementTable): number {
  return weighted(alloy, valuesOf(alloy, table));
}

/** √(Σ c (x − x̄)²), from the pairs as √(Σ_{i<j} c_i c_j (x_i − x_j)²): exactly 0 where all values are equal. */
export function deviationOf(alloy: Alloy, table: ElementTable): number {
  const values = valuesOf(alloy, table);
  return Math.sqrt(overPairs(alloy, (i, j) => ((values[i] as number) - (values[j] as number)) ** 2));
}

/** √(Σ c (1 − x/x̄)²) */
export function relativeDeviationOf(alloy: Alloy, table: ElementTable): number {
  return deviationOf(alloy, table) / Math.abs(meanOf(alloy, table));
}

/** Σ_i Σ_{j≠i} c_i c_j |x_i − x_j| */
export function localMismatchOf(alloy: Alloy, table: ElementTable): number {
  const values = valuesOf(alloy, table); // i and j below are indices of the alloy
  return overPairs(alloy, (i, j) => 2 * Math.abs((values[i] as number) - (values[j] as number)));
}

/** Ideal entropy of mixing −R Σ c ln c, J/(mol·K). */
export function mixingEntropyOf(alloy: Alloy): number {
  return (
    -GAS_CONSTANT_J_PER_MOL_K *
    weighted(
      alloy,
      alloy.fractions.map((fraction) => Math.log(fraction)),
    )
  );
}

/** Σ_{i<j} 4 H_ij c_i c_j of the liquid equiatomic binary enthalpies, kJ/mol. */
export function mixingEnthalpyOf(alloy: Alloy): number {
  return overPairs(
    alloy,
    (i, j) => 4 * binaryMixingEnthalpy(alloy.symbols[i] as string, alloy.symbols[j] as string), // indices of the alloy
  );
}

function weighted(alloy: Alloy, values: readonly number[]): number {
  let sum = 0;
  for (const [i, fraction] of alloy.fractions.entries()) sum += fraction * (values[i] as number); // one value a fraction
  return sum;
}

/** Σ_{i<j} c_i c_j f(i, j) */
function overPairs(alloy: Alloy, f: (i: number, j: number) => number): number {
  let sum = 0;
  for (const [j, cj] of alloy.fractions.entries()) {
    for (let i = 0; i < j; i++) sum += (alloy.fractions[i] as number) * cj * f(i, j); // i < j < length
  }
  return sum;
}
