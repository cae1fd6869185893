import { FormatError } from "../errors/errors.ts";
import { ELEMENT_SYMBOLS } from "./elements.ts";
import { explainSymbol } from "./explainSymbol.ts";

/** Amount of each element, in the order of first appearance; amounts are positive and on any common scale. */
export type Composition = ReadonlyMap<string, number>;

/**
 * Element amounts of a chemical formula.
 *
 * Understood: nested brackets `()`, `[]`, `{}`; decimal and scientific amounts (`Ni0.5`, `C1e-3`); spaces
 * (`Co1 Fe1 Ni0.5`); subscript digits (`Fe₂O₃`); parts joined by a raised dot or `*` with a leading factor, as in hydrates
 * (`CuSO4·5H2O`). A full stop is a decimal point, so hydrates need the raised dot: `CuSO4.5H2O`, which could be either, is
 * refused. Elements of amount 0 are left out.
 *
 * Not formulas, and refused with a hint: charges (`Fe3+`), alloy designations (`Fe-18Cr-8Ni`: see `parseAlloyNotation`),
 * percent signs, unknown amounts (`AlxCoCr`).
 *
 * @param text - case matters: `Co` is cobalt, `CO` is carbon and oxygen
 * @throws FormatError with the position (1-based) and, where there is one, the element that was likely meant
 * @example
 * parseFormula("Ca(OH)2"); // Map { "Ca" → 1, "O" → 2, "H" → 2 }
 */
export function parseFormula(text: string): Composition {
  const outcome = scan(text);
  if (outcome < 0) return collect();
  throw formulaError(text, outcome);
}

/** The composition, or undefined where the text is no formula. */
export function tryParseFormula(text: string): Composition | undefined {
  return scan(text) < 0 ? collect() : undefined;
}

const MOST_NESTED = 64;
const HYDRATE = "hydrate";

// The scanner writes the elements it meets, with their amounts, into two lists; a bracket or a factor multiplies the end
// of the list from where it began. The lists are shared by all calls, which are synchronous and do not nest.
let found = new Int32Array(64);
let amounts = new Float64Array(64);
let nFound = 0;
let at = 0;
let problem = "";
/** True after a number such as 4.5 that could also be the 4 and the 5 of `CuSO4·5H2O`. */
let mayEndPart = false;
/** Where brackets began: in the list, and in the text; and the character code that closes them. */
const openItem = new Int32Array(MOST_NESTED);
const openText = new Int32Array(MOST_NESTED);
const openClose = new Int32Array(MOST_NESTED);

/** Atomic number by letters: 27 · (first − "A") + (second − "a" + 1, or 0 for none); 0 where there is no such element. */
const symbolTable = new Uint8Array(26 * 27);
for (const [i, symbol] of ELEMENT_SYMBOLS.entries()) {
  symbolTable[27 * (symbol.charCodeAt(0) - 65) + (symbol.length > 1 ? symbol.charCodeAt(1) - 96 : 0)] = i + 1;
}

const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, k) => 10 ** k);

/** Fills the lists; returns −1, or the position of the problem that `problem` names. */
function scan(text: string): number {
  const end = text.length;
  if (end > found.length) {
    found = new Int32Array(2 * end);
    amounts = new Float64Array(2 * end);
  }
  nFound = 0;
  at = 0;
  let depth = 0;
  let partStart = 0;
  let isPartEmpty = true;
  skipSpace(text);
  if (at === end) return fail("the formula is empty", 0);
  let factor = readAmount(text);
  if (factor < 0) return at;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code >= 65 && code <= 90) {
      const second = at + 1 < end ? text.charCodeAt(at + 1) : 0;
      const isTwo = second >= 97 && second <= 122;
      const element = symbolTable[27 * (code - 65) + (isTwo ? second - 96 : 0)] ?? 0;
      if (element === 0) return fail("", at);
      at += isTwo ? 2 : 1;
      const start = at;
      const amount = readAmount(text);
      if (amount < 0) return at;
      if (mayEndPart && isWaterLeft(text)) return fail(HYDRATE, start);
      found[nFound] = element - 1;
      amounts[nFound++] = amount;
      isPartEmpty = false;
    } else if (code === 40 || code === 91 || code === 123) {
      if (depth === MOST_NESTED) return fail(`more than ${MOST_NESTED} nested brackets`, at);
      openItem[depth] = nFound;
      openText[depth] = at;
      openClose[depth++] = code === 40 ? 41 : code + 2;
      at++;
      skipSpace(text);
    } else if (depth > 0 && code === openClose[depth - 1]) {
      const item = openItem[--depth] ?? 0;
      if (item === nFound) return fail("an element is expected", at);
      const start = ++at;
      const amount = readAmount(text);
      if (amount < 0) return at;
      if (mayEndPart && isWaterLeft(text)) return fail(HYDRATE, start);
      for (let k = item; k < nFound; k++) amounts[k] = (amounts[k] ?? 0) * amount;
      isPartEmpty = false;
    } else if (depth === 0 && isSeparator(code)) {
      if (isPartEmpty) return fail("an element is expected", at);
      scalePart(partStart, factor);
      at++;
      skipSpace(text);
      partStart = nFound;
      isPartEmpty = true;
      factor = readAmount(text);
      if (factor < 0) return at;
    } else {
      return fail("", at);
    }
  }
  if (depth > 0) {
    const open = openText[depth - 1] ?? 0;
    return openItem[depth - 1] === nFound
      ? fail("an element is expected", at)
      : fail(`"${text[open]}" is not closed`, open);
  }
  if (isPartEmpty) return fail("an element is expected", at);
  scalePart(partStart, factor);
  let sum = 0;
  for (let k = 0; k < nFound; k++) sum += amounts[k] ?? 0;
  if (sum > 0 && sum < Number.POSITIVE_INFINITY) return -1;
  return fail(sum === 0 ? "all amounts are zero" : "the amounts multiply to one that is too large", 0);
}

/** The lists as a map, elements of amount 0 left out. */
function collect(): Composition {
  const composition = new Map<string, number>();
  for (let k = 0; k < nFound; k++) {
    const symbol = ELEMENT_SYMBOLS[found[k] ?? 0] as string; // found holds rows of the table
    const amount = amounts[k] ?? 0;
    if (amount === 0) continue;
    const known = composition.get(symbol);
    composition.set(symbol, known === undefined ? amount : known + amount);
  }
  return composition;
}

function scalePart(start: number, factor: number): void {
  if (factor === 1) return;
  for (let k = start; k < nFound; k++) amounts[k] = (amounts[k] ?? 0) * factor;
}

/**
 * Number at the cursor with the spaces around it, 1 where there is none, −1 (and a problem) where it is too large.
 */
function readAmount(text: string): number {
  mayEndPart = false;
  skipSpace(text);
  const start = at;
  let mantissa = 0;
  let nDigits = 0;
  let nDecimals = 0;
  let whole = 0;
  let digit = digitAt(text);
  while (digit >= 0) {
    mantissa = 10 * mantissa + digit;
    nDigits++;
    at++;
    digit = digitAt(text);
  }
  if (text.charCodeAt(at) === 46) {
    whole = mantissa;
    at++;
    digit = digitAt(text);
    if (nDigits === 0 && digit < 0) {
      at = start;
      return 1;
    }
    while (digit >= 0) {
      mantissa = 10 * mantissa + digit;
      nDecimals++;
      at++;
      digit = digitAt(text);
    }
  } else if (nDigits === 0) {
    return 1;
  }
  const hasExponent = skipExponent(text);
  let value: number;
  if (!hasExponent && nDigits + nDecimals <= 15) {
    value = mantissa / (POWERS_OF_TEN[nDecimals] ?? 1); // both exact, so the quotient is the nearest number
  } else {
    value = Number(plainDigits(text.slice(start, at)));
    if (value === Number.POSITIVE_INFINITY) {
      const shown = text.slice(start, at);
      at = start;
      problem = `the amount ${shown} is too large`;
      return -1;
    }
  }
  mayEndPart = nDecimals > 0 && whole > 0 && !hasExponent;
  skipSpace(text);
  return value;
}

/** Moves over `e-3`, `E5`; only where digits follow. */
function skipExponent(text: string): boolean {
  const code = text.charCodeAt(at);
  if (code !== 101 && code !== 69) return false;
  const before = at++;
  const sign = text.charCodeAt(at);
  if (sign === 43 || sign === 45) at++;
  if (digitAt(text) < 0) {
    at = before;
    return false;
  }
  while (digitAt(text) >= 0) at++;
  return true;
}

/** Digit at the cursor, subscripts too; −1 for anything else. */
function digitAt(text: string): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 0x2080 && code <= 0x2089 ? code - 0x2080 : -1;
}

function plainDigits(text: string): string {
  return text.replace(/[\u2080-\u2089]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
}

function skipSpace(text: string): void {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 32 || (code >= 9 && code <= 13) || (code > 127 && /\s/.test(text[at] as string))) at++;
    else return;
  }
}

/** · • ⋅ ∙ ‧ and * */
function isSeparator(code: number): boolean {
  return code === 0xb7 || code === 42 || code === 0x2022 || code === 0x22c5 || code === 0x2219 || code === 0x2027;
}

/** True if what remains is water, and no space sets it apart from the number before. */
function isWaterLeft(text: string): boolean {
  return text.charCodeAt(at) === 72 && text.charCodeAt(at - 1) > 32 && /^H[2\u2082]O\s*$/.test(text.slice(at));
}

function fail(message: string, position: number): number {
  problem = message;
  at = position;
  return position;
}

function formulaError(text: string, position: number): FormatError {
  const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  let message = problem;
  if (message === HYDRATE) {
    const tail = text.slice(position).trim();
    message = `"${tail}" may be a hydrate or a decimal amount; write "${tail.replace(".", "·")}" or "${tail.replace("H", " H")}"`;
  } else if (message === "") {
    message = explainSymbol(text, position);
  }
  return new FormatError(`formula "${shown}": ${message} (position ${position + 1})`);
}
