import { DataError } from "../errors/errors.ts";
import { ELEMENT_PROPERTY_INFO, type ElementProperty } from "./elementProperties.ts";
import { ELEMENT_SYMBOLS, elementProperty, elementRow, unknownElement } from "./elements.ts";
import type { Composition } from "./parseFormula.ts";

/** Elements of one composition as rows of the element tables, with their amounts; only the first `n` places count. */
export interface ElementAmounts {
  readonly n: number;
  readonly total: number;
  readonly rows: Int32Array;
  readonly amounts: Float64Array;
}

const shared = { n: 0, total: 0, rows: new Int32Array(118), amounts: new Float64Array(118) };

/**
 * The elements that are present in a composition; amounts of 0 are left out. The object returned is the same for every
 * call: read it before the next one.
 *
 * @throws DataError for an unknown element, an amount that is negative or not finite, or no amount above zero
 */
export function readAmounts(name: string, composition: Composition): ElementAmounts {
  let n = 0;
  let total = 0;
  for (const [element, amount] of composition) {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new DataError(`${name}: amount of ${element} is ${amount}; amounts must be finite and not negative`);
    }
    const row = elementRow(element);
    if (row === undefined) throw unknownElement(name, element);
    if (amount === 0) continue;
    shared.rows[n] = row;
    shared.amounts[n++] = amount;
    total += amount;
  }
  if (n === 0) {
    const what = composition.size === 0 ? "the composition is empty" : "no element has an amount above zero";
    throw new DataError(`${name}: ${what}`);
  }
  shared.n = n;
  shared.total = total;
  return shared;
}

/** One sentence per property that is unknown for elements of a composition: "no Electronegativity is known for Ar". */
export function missingProperties(composition: Composition, properties: readonly ElementProperty[]): string[] {
  const present = [...composition].flatMap(([element, amount]) => (amount > 0 ? [element] : []));
  return properties.flatMap((property) => {
    const without = present.filter((element) => Number.isNaN(elementProperty(element, property)));
    return without.length === 0 ? [] : [`no ${property} is known for ${without.join(", ")}`];
  });
}

/**
 * Element properties as a matrix, row-major [118, nProperties].
 *
 * @param impute - `"mean"` puts the plain mean over all elements that have the property where there is none
 */
export function propertyMatrix(properties: readonly ElementProperty[], impute: "none" | "mean"): Float64Array {
  const width = properties.length;
  const out = new Float64Array(ELEMENT_SYMBOLS.length * width);
  for (const [j, property] of properties.entries()) {
    const column = ELEMENT_SYMBOLS.map((symbol) => elementProperty(symbol, property));
    const known = column.filter((x) => !Number.isNaN(x));
    const filling = impute === "mean" ? known.reduce((a, b) => a + b, 0) / known.length : Number.NaN;
    for (const [i, value] of column.entries()) out[i * width + j] = Number.isNaN(value) ? filling : value;
  }
  return out;
}

/** Unit of a property, "" where there is none. */
export function propertyUnit(property: ElementProperty): string {
  return ELEMENT_PROPERTY_INFO[property].unit;
}
