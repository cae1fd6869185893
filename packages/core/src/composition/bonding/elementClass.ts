export type ElementClass = "metal" | "metalloid" | "non-metal";

const METALLOIDS: ReadonlySet<string> = new Set(["B", "Si", "Ge", "As", "Sb", "Te", "At"]);
const NON_METALS: ReadonlySet<string> = new Set([
  ...["H", "C", "N", "O", "P", "S", "Se", "F", "Cl", "Br", "I"],
  ...["He", "Ne", "Ar", "Kr", "Xe", "Rn"],
]);

/** Metal, metalloid or non-metal, as textbooks part the elements: B, Si, Ge, As, Sb, Te and At are the metalloids. */
export function elementClass(symbol: string): ElementClass {
  if (NON_METALS.has(symbol)) return "non-metal";
  return METALLOIDS.has(symbol) ? "metalloid" : "metal";
}
