import { DataError } from "../errors/errors.ts";
import { ELEMENT_DATA } from "./elementData.ts";

/** The 22 element properties of the Magpie set, in its order. */
export const ELEMENT_PROPERTIES = [
  "Number",
  "MendeleevNumber",
  "AtomicWeight",
  "MeltingT",
  "Column",
  "Row",
  "CovalentRadius",
  "Electronegativity",
  "NsValence",
  "NpValence",
  "NdValence",
  "NfValence",
  "NValence",
  "NsUnfilled",
  "NpUnfilled",
  "NdUnfilled",
  "NfUnfilled",
  "NUnfilled",
  "GSvolume_pa",
  "GSbandgap",
  "GSmagmom",
  "SpaceGroupNumber",
] as const;

export type ElementProperty = (typeof ELEMENT_PROPERTIES)[number];

/** Units of the element properties, "" where there is none. */
export const ELEMENT_PROPERTY_UNITS: Readonly<Record<ElementProperty, string>> = {
  Number: "",
  MendeleevNumber: "",
  AtomicWeight: "g/mol",
  MeltingT: "K",
  Column: "",
  Row: "",
  CovalentRadius: "pm",
  Electronegativity: "",
  NsValence: "",
  NpValence: "",
  NdValence: "",
  NfValence: "",
  NValence: "",
  NsUnfilled: "",
  NpUnfilled: "",
  NdUnfilled: "",
  NfUnfilled: "",
  NUnfilled: "",
  GSvolume_pa: "angstrom3/atom",
  GSbandgap: "eV",
  GSmagmom: "",
  SpaceGroupNumber: "",
};

const lines: readonly (readonly string[])[] = ELEMENT_DATA.trim()
  .split("\n")
  .map((line) => line.split(","));

/** Symbols of the 118 elements in order of atomic number. */
export const ELEMENT_SYMBOLS: readonly string[] = lines.map((line) => line[0] ?? "");

const indexOf: ReadonlyMap<string, number> = new Map(ELEMENT_SYMBOLS.map((symbol, i) => [symbol, i]));

/** Row-major [118, 22], NaN where the source has no number. */
const values: Float64Array = Float64Array.from(
  lines.flatMap((line) => line.slice(1).map((cell) => (cell === "" ? Number.NaN : Number(cell)))),
);

/** True for a symbol such as "Fe" (case matters). */
export function isElement(symbol: string): boolean {
  return indexOf.has(symbol);
}

/**
 * A property of an element, NaN where the source has none.
 *
 * @throws DataError for an unknown symbol
 * @example
 * elementProperty("Fe", "AtomicWeight"); // 55.845
 */
export function elementProperty(symbol: string, property: ElementProperty): number {
  const row = indexOf.get(symbol);
  if (row === undefined) throw new DataError(`elementProperty: no element "${symbol}"`);
  return values[row * ELEMENT_PROPERTIES.length + ELEMENT_PROPERTIES.indexOf(property)] ?? Number.NaN;
}

/**
 * Atomic weight in g/mol.
 *
 * @throws DataError for an unknown symbol, or an element without an atomic weight in the table (the heaviest)
 */
export function atomicWeight(symbol: string): number {
  const weight = elementProperty(symbol, "AtomicWeight");
  if (Number.isNaN(weight)) throw new DataError(`atomicWeight: no atomic weight is known for ${symbol}`);
  return weight;
}
