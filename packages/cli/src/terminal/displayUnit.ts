const SIGNS: Readonly<Record<string, string>> = { degC: "°C", degF: "°F", um: "µm", uL: "µL", ohm: "Ω" };

/** A unit as people write it: `um/min` → `µm/min`, `degC` → `°C`. Files keep the plain letters. */
export function displayUnit(unit: string): string {
  return unit.replace(/[A-Za-z]+/g, (part) => SIGNS[part] ?? part);
}
