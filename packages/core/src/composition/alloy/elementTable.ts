import type { ElementProperty } from "../elementProperties.ts";
import { ELEMENT_SYMBOLS, elementProperty } from "../elements.ts";

/** One property of the elements: what it is, where it comes from, its values; elements without one are left out. */
export interface ElementTable {
  /** As it stands in sentences: "metallic radius (Miracle 2010)". */
  readonly label: string;
  readonly source: string;
  readonly values: ReadonlyMap<string, number>;
}

/** Reads `"Li 152, Be 112"` or one `symbol,value` per line. */
export function elementTable(label: string, source: string, text: string): ElementTable {
  const values = new Map<string, number>();
  for (const [, symbol, value] of text.matchAll(/([A-Z][a-z]?)[ ,]\s*(-?[\d.]+)/g)) {
    values.set(symbol as string, Number(value));
  }
  return { label, source, values };
}

/** One of the element properties of the Magpie set as a table; `convert` may give NaN to leave an element out. */
export function magpieTable(
  label: string,
  property: ElementProperty,
  convert: (value: number, symbol: string) => number = (value) => value,
): ElementTable {
  const values = new Map<string, number>();
  for (const symbol of ELEMENT_SYMBOLS) {
    const value = convert(elementProperty(symbol, property), symbol);
    if (!Number.isNaN(value)) values.set(symbol, value);
  }
  return { label, source: "Ward et al. (2016), doi:10.1038/npjcompumats.2016.28", values };
}
