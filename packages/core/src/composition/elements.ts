import { DataError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { suggestionText } from "../text/suggestionText.ts";
import { ELEMENT_DATA } from "./elementData.ts";
import { ELEMENT_FACTS } from "./elementFacts.ts";
import { ELEMENT_PROPERTIES, type ElementProperty, MAGPIE_PROPERTIES } from "./elementProperties.ts";

const lines = rows(ELEMENT_DATA);
const facts = rows(ELEMENT_FACTS);

/** Symbols of the 118 elements in order of atomic number. */
export const ELEMENT_SYMBOLS: readonly string[] = lines.map((line) => line[0] ?? "");

const N_ELEMENTS = ELEMENT_SYMBOLS.length;
const N_PROPERTIES = ELEMENT_PROPERTIES.length;
const WEIGHT = ELEMENT_PROPERTIES.indexOf("AtomicWeight");
const rowOf: ReadonlyMap<string, number> = new Map(ELEMENT_SYMBOLS.map((symbol, i) => [symbol, i]));
const columnOf: ReadonlyMap<string, number> = new Map(ELEMENT_PROPERTIES.map((property, j) => [property, j]));

/** Row-major [118, nProperties], NaN where the source has no number. */
const values = propertyValues();

/** True for a symbol such as "Fe" (case matters). */
export function isElement(symbol: string): boolean {
  return rowOf.has(symbol);
}

/** Place of an element in tables that run by atomic number (0 is hydrogen), undefined for an unknown symbol. */
export function elementRow(symbol: string): number | undefined {
  return rowOf.get(symbol);
}

/**
 * Atomic number of an element, 1 … 118.
 *
 * @throws DataError for an unknown symbol
 */
export function atomicNumber(symbol: string): number {
  return rowOrThrow("atomicNumber", symbol) + 1;
}

/**
 * A property of an element, NaN where the source has none (`elementsWithout` lists them); units and sources stand in
 * `ELEMENT_PROPERTY_INFO`.
 *
 * @throws DataError for an unknown symbol or property
 * @example
 * elementProperty("Fe", "AtomicWeight"); // 55.845
 */
export function elementProperty(symbol: string, property: ElementProperty): number {
  return values[rowOrThrow("elementProperty", symbol) * N_PROPERTIES + columnOrThrow(property)] ?? Number.NaN;
}

/** A property of all elements in order of atomic number, shape [118]; NaN where the source has none. */
export function elementPropertyColumn(property: ElementProperty): Float64Array {
  const j = columnOrThrow(property);
  return Float64Array.from({ length: N_ELEMENTS }, (_, i) => values[i * N_PROPERTIES + j] ?? Number.NaN);
}

/**
 * Elements for which the source of a property has no number.
 *
 * @throws DataError for an unknown property
 * @example
 * elementsWithout("Electronegativity").slice(0, 3); // ["He", "Ne", "Ar"]
 */
export function elementsWithout(property: ElementProperty): string[] {
  const column = elementPropertyColumn(property);
  return ELEMENT_SYMBOLS.filter((_, i) => Number.isNaN(column[i]));
}

/**
 * Atomic weight in g/mol.
 *
 * @throws DataError for an unknown symbol, or an element without an atomic weight in the table (the heaviest)
 */
export function atomicWeight(symbol: string): number {
  const weight = values[rowOrThrow("atomicWeight", symbol) * N_PROPERTIES + WEIGHT] ?? Number.NaN;
  if (Number.isNaN(weight)) throw new DataError(`atomicWeight: no atomic weight is known for ${symbol}`);
  return weight;
}

/**
 * Oxidation states of an element, ascending; empty where none is known. `"common"` ones are those of textbooks;
 * `"observed"` adds what crystal structures show: Cu has 2, and 1, 2, 3.
 *
 * @throws DataError for an unknown symbol
 * @see pymatgen 2022.11.7: its common oxidation states, and those met at least ten times in the Inorganic Crystal
 * Structure Database
 * @example
 * oxidationStates("Fe"); // [2, 3]
 */
export function oxidationStates(symbol: string, kind: "common" | "observed" = "common"): readonly number[] {
  return states[kind][rowOrThrow("oxidationStates", symbol)] ?? [];
}

const states: Readonly<Record<"common" | "observed", readonly (readonly number[])[]>> = {
  common: facts.map((line) => numbers(line.at(-2))),
  observed: facts.map((line) => numbers(line.at(-1))),
};

function numbers(text: string | undefined): number[] {
  return text === undefined || text === "" ? [] : text.split(" ").map(Number);
}

function rows(table: string): string[][] {
  return table
    .trim()
    .split("\n")
    .map((line) => line.split(","));
}

function propertyValues(): Float64Array {
  const out = new Float64Array(N_ELEMENTS * N_PROPERTIES);
  const read = (cell: string | undefined): number => (cell === undefined || cell === "" ? Number.NaN : Number(cell));
  for (const [i, line] of lines.entries()) {
    const fact = facts[i];
    if (fact === undefined || fact[0] !== line[0]) throw new DataError(`element tables disagree at ${line[0]}`);
    const magpie = MAGPIE_PROPERTIES.map((_, j) => read(line[j + 1]));
    const [ionisation, affinity, density, radius] = fact.slice(1, 5).map(read);
    const weight = magpie[MAGPIE_PROPERTIES.indexOf("AtomicWeight")] ?? Number.NaN;
    const molarVolume = weight / (density ?? Number.NaN);
    const row = [...magpie, ionisation, affinity, density, radius, molarVolume].map((x) => x ?? Number.NaN);
    out.set(row, i * N_PROPERTIES);
  }
  return out;
}

/** What to throw for a symbol that is no element's, with what was likely meant. */
export function unknownElement(who: string, symbol: string): DataError {
  const [near] = nearestNames(symbol, ELEMENT_SYMBOLS, 1);
  const hint = near === undefined ? suggestElements(symbol) : `; did you mean ${near}?`;
  return new DataError(`${who}: no element "${symbol}"${hint}`);
}

/**
 * "; did you mean Fe or F?": elements one letter or one case away, those with the same first letter first.
 *
 * @param before - the letter before, where a symbol in capitals was read in two
 */
export function suggestElements(symbol: string, before = ""): string {
  const joined = before + symbol.charAt(0).toLowerCase(); // "FE" was read as F, then E
  const cased = symbol.charAt(0).toUpperCase() + symbol.slice(1).toLowerCase();
  const near = ELEMENT_SYMBOLS.filter((known) => known.length === 2 && known[0] === cased[0] && known !== cased)
    .concat(ELEMENT_SYMBOLS.filter((known) => known.length === 2 && known[1] === cased[1] && known[0] !== cased[0]))
    .slice(0, 3);
  const candidates = [joined, cased, cased.charAt(0)].filter((known) => known !== symbol && isElement(known));
  const all = [...new Set([...candidates, ...near])].slice(0, 3);
  return all.length === 0 ? "" : `; did you mean ${all.join(" or ")}?`;
}

function rowOrThrow(name: string, symbol: string): number {
  const row = rowOf.get(symbol);
  if (row === undefined) throw unknownElement(name, symbol);
  return row;
}

function columnOrThrow(property: string): number {
  const column = columnOf.get(property);
  if (column !== undefined) return column;
  const hint = suggestionText(property, ELEMENT_PROPERTIES, "known are");
  throw new DataError(`no element property "${property}"; ${hint}`);
}
