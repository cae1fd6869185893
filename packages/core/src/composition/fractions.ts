import { DataError } from "../errors/errors.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { readAmounts } from "./elementAmounts.ts";
import { atomicNumber, ELEMENT_SYMBOLS } from "./elements.ts";
import type { Composition } from "./parseFormula.ts";

export interface FractionsOptions {
  /** Elements to list; all others go into one last feature, "fraction of others". @defaultValue all 118 */
  readonly elements?: readonly string[] | undefined;
}

/**
 * Atomic fraction of each element, `"fraction <element>"`; they sum to 1.
 *
 * @throws DataError for an unknown element, or one listed twice
 * @example
 * fractionsFeaturizer({ elements: ["Fe", "C"] }).features.map((f) => f.name); // fraction Fe, fraction C, fraction of others
 */
export function fractionsFeaturizer(options: FractionsOptions = {}): CompositionFeaturizer {
  const elements = options.elements ?? ELEMENT_SYMBOLS;
  const place = new Int32Array(ELEMENT_SYMBOLS.length).fill(elements.length);
  for (const [k, element] of elements.entries()) {
    const row = atomicNumber(element) - 1;
    if (place[row] !== elements.length) throw new DataError(`fractionsFeaturizer: ${element} is listed twice`);
    place[row] = k;
  }
  const names = elements.map((element) => `fraction ${element}`);
  if (options.elements !== undefined) names.push("fraction of others");
  return {
    name: "fractions",
    features: names.map((name) => ({ name, unit: "" })),
    citations: [],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const { n, total, rows, amounts } = readAmounts("fractions", composition);
      out.fill(0, offset, offset + names.length);
      for (let i = 0; i < n; i++) {
        const k = offset + (place[rows[i] ?? 0] ?? 0);
        out[k] = (out[k] ?? 0) + (amounts[i] ?? 0) / total;
      }
    },
    missing: (): readonly string[] => [],
  };
}
