import { FormatError } from "../errors/errors.ts";
import { ELEMENT_SYMBOLS, isElement } from "./elements.ts";

/** Amount of each element, in the order of first appearance; amounts are positive and on any common scale. */
export type Composition = ReadonlyMap<string, number>;

const MOST_NESTED = 64;

/**
 * Element amounts of a chemical formula.
 *
 * Understood: nested brackets `()`, `[]`, `{}`; decimal and scientific amounts (`Ni0.5`, `C1e-3`); spaces
 * (`Co1 Fe1 Ni0.5`); subscript digits (`Fe₂O₃`); parts joined by a raised dot or `*` with a leading factor, as in hydrates
 * (`CuSO4·5H2O`). A full stop is always a decimal point: write hydrates with `·`. Elements of amount 0 are left out.
 *
 * @param text - case matters: `Co` is cobalt, `CO` is carbon and oxygen
 * @throws FormatError with the position (1-based) and, where there is one, the element that was likely meant
 * @example
 * parseFormula("Ca(OH)2"); // Map { "Ca" → 1, "O" → 2, "H" → 2 }
 */
export function parseFormula(text: string): Composition {
  const parser = new FormulaParser(text);
  return parser.parse();
}

/** The composition, or undefined where the text is no formula. */
export function tryParseFormula(text: string): Composition | undefined {
  try {
    return parseFormula(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

class FormulaParser {
  readonly #original: string;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#original = text;
    this.#text = text.replace(/[\u2080-\u2089]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
  }

  parse(): Composition {
    const total = new Map<string, number>();
    this.#skipSpace();
    if (this.#at === this.#text.length) throw this.#error("the formula is empty", 0);
    for (;;) {
      const factor = this.#number() ?? 1;
      addScaled(total, this.#sequence("", 0), factor);
      if (this.#at === this.#text.length) break;
      this.#at++; // the separator on which the sequence stopped
      this.#skipSpace();
    }
    for (const [element, amount] of total) {
      if (amount === 0) total.delete(element);
    }
    if (total.size === 0) throw this.#error("all amounts are zero", 0);
    return total;
  }

  /** Items up to the closing bracket, a separator (outside brackets) or the end. */
  #sequence(closing: string, depth: number): Map<string, number> {
    const amounts = new Map<string, number>();
    const start = this.#at;
    if (depth > MOST_NESTED) throw this.#error(`more than ${MOST_NESTED} nested brackets`, start);
    for (;;) {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === undefined || character === closing || (closing === "" && isSeparator(character))) {
        if (this.#at === start || amounts.size === 0) throw this.#error("an element is expected", this.#at);
        return amounts;
      }
      const close = CLOSING.get(character);
      if (close !== undefined) {
        const open = this.#at++;
        const inner = this.#sequence(close, depth + 1);
        if (this.#text[this.#at] !== close) throw this.#error(`"${character}" is not closed`, open);
        this.#at++;
        addScaled(amounts, inner, this.#amount());
      } else {
        const element = this.#element();
        addScaled(amounts, new Map([[element, 1]]), this.#amount());
      }
    }
  }

  #element(): string {
    const rest = this.#text.slice(this.#at);
    const symbol = /^[A-Z][a-z]?/.exec(rest)?.[0];
    if (symbol !== undefined && isElement(symbol)) {
      this.#at += symbol.length;
      return symbol;
    }
    const first = symbol?.[0];
    if (symbol?.length === 2 && first !== undefined && isElement(first)) {
      // As in "Alx": say that the amount is no number rather than that "Ax" is no element.
      throw this.#error(`"${symbol}" is no element${suggestion(symbol)}; amounts must be numbers`, this.#at);
    }
    if (symbol !== undefined) {
      throw this.#error(`no element "${symbol}"${suggestion(symbol, this.#text[this.#at - 1])}`, this.#at);
    }
    const word = /^[a-z]+/.exec(rest)?.[0];
    if (word !== undefined) {
      throw this.#error(`"${word}" starts with a small letter${suggestion(word.slice(0, 2))}`, this.#at);
    }
    throw this.#error(`unexpected "${rest[0]}"; an element or a bracket is expected`, this.#at);
  }

  #amount(): number {
    this.#skipSpace();
    return this.#number() ?? 1;
  }

  #number(): number | undefined {
    const match = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(this.#text.slice(this.#at));
    if (match === null) return undefined;
    const value = Number(match[0]);
    if (!Number.isFinite(value)) throw this.#error(`the amount ${match[0]} is too large`, this.#at);
    this.#at += match[0].length;
    this.#skipSpace();
    return value;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #error(message: string, at: number): FormatError {
    const shown = this.#original.length > 80 ? `${this.#original.slice(0, 77)}…` : this.#original;
    return new FormatError(`formula "${shown}": ${message} (position ${at + 1})`);
  }
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

function isSeparator(character: string): boolean {
  return character === "·" || character === "•" || character === "⋅" || character === "∙" || character === "*";
}

function addScaled(total: Map<string, number>, part: ReadonlyMap<string, number>, factor: number): void {
  for (const [element, amount] of part) total.set(element, (total.get(element) ?? 0) + factor * amount);
}

/** Elements one letter or one case away, those with the same first letter first. */
function suggestion(symbol: string, before = ""): string {
  const joined = before + symbol.charAt(0).toLowerCase(); // "FE" was read as F, then E
  const cased = symbol.charAt(0).toUpperCase() + symbol.slice(1).toLowerCase();
  const near = ELEMENT_SYMBOLS.filter((known) => known.length === 2 && known[0] === cased[0] && known !== cased)
    .concat(ELEMENT_SYMBOLS.filter((known) => known.length === 2 && known[1] === cased[1] && known[0] !== cased[0]))
    .slice(0, 3);
  const candidates = [joined, cased, cased.charAt(0)].filter((known) => known !== symbol && isElement(known));
  const all = [...new Set([...candidates, ...near])].slice(0, 3);
  return all.length === 0 ? "" : `; did you mean ${all.join(" or ")}?`;
}
