import { isElement, suggestElements } from "./elements.ts";

/** Why the text at a position is no element of a formula, with what was likely meant. */
export function explainSymbol(text: string, position: number): string {
  const rest = text.slice(position);
  const symbol = /^[A-Z][a-z]?/.exec(rest)?.[0];
  if (symbol?.length === 2 && isElement(symbol.charAt(0))) {
    // As in "Alx": say that the amount is no number rather than that "Ax" is no element.
    return `"${symbol}" is no element${suggestElements(symbol)}; amounts must be numbers`;
  }
  if (symbol !== undefined) return `no element "${symbol}"${suggestElements(symbol, text[position - 1])}`;
  const word = /^[a-z]+/.exec(rest)?.[0];
  if (word !== undefined && position > 0 && /[A-Za-z\d.)\]}]/.test(text[position - 1] ?? "")) {
    const capital = word.charAt(0).toUpperCase();
    const hint = isElement(capital) ? `; did you mean ${capital}?` : "";
    return `"${word}" starts with a small letter${hint}; amounts must be numbers`;
  }
  if (word !== undefined) return `"${word}" starts with a small letter${suggestElements(word.slice(0, 2))}`;
  const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
  const unexpected = `unexpected "${character}"`;
  if (ALLOY.test(text)) {
    return `${unexpected}; a name such as Ti-6Al-4V states weight percent, not a formula: read it with parseAlloyNotation`;
  }
  if (MIXTURE.test(rest)) return `${unexpected}; join the parts of a mixture with a raised dot, 0.9PbTiO3·0.1BaTiO3`;
  if (CHARGE.test(rest)) {
    return `${unexpected}; a formula states amounts only, leave the charge out (Fe for Fe3+)`;
  }
  if (character === ".") return `${unexpected}; a hydrate is written with a raised dot, CuSO4·5H2O`;
  if (character === "%") return `${unexpected}; write amounts without percent signs, all on one scale`;
  return `${unexpected}; an element or a bracket is expected`;
}

/** A dash, then the next part. */
const MIXTURE = /^[-\u2010-\u2015\u2212]\s*[\d.]*\s*[A-Z([{]/;
/** A sign that ends the formula or the bracket, a caret, a raised digit or sign. */
const CHARGE = /^(?:\+|[-\u2212]\d*(?:[\s)\]}]|$)|\^|[\u2070\u00b9\u00b2\u00b3\u2074-\u207b])/;
const ALLOY = /^\s*\d*\.?\d*\s*[A-Z][a-z]?(?:\s*[-\u2010-\u2015\u2212]\s*\d+(?:\.\d+)?\s*[A-Z][a-z]?)+/;
