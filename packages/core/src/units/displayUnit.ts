const SIGNS: Readonly<Record<string, string>> = { degC: "°C", degF: "°F", um: "µm", uL: "µL", ohm: "Ω" };

/**
 * A unit as people write it, for messages and reports; files keep the plain letters.
 *
 * @example
 * displayUnit("um/degC"); // µm/°C
 */
export function displayUnit(unit: string): string {
  return unit.replace(/[A-Za-z]+/g, (part) => SIGNS[part] ?? part);
}
