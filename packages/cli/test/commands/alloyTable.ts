import { createRandom } from "@materiome/core";

export interface AlloyRow {
  readonly heat: string;
  /** wt% */
  readonly carbon: number;
  readonly temperatureK: number;
  readonly route: "oil" | "water";
  readonly strengthMPa: number;
}

/** Fifteen heats at three tempering temperatures: 400 + 800 C − 0.5 (T − 800) + 15 in oil, with 8 MPa of noise. */
export function alloyRows(): AlloyRow[] {
  const random = createRandom("alloys");
  return Array.from({ length: 45 }, (_, i) => {
    const k = Math.floor(i / 3);
    const carbon = (10 + 2 * k) / 100;
    const temperatureK = 700 + 100 * (i % 3);
    const route = k % 2 === 0 ? "water" : "oil";
    const clean = 400 + 800 * carbon - 0.5 * (temperatureK - 800) + (route === "oil" ? 15 : 0);
    const strengthMPa = Math.round(10 * (clean + 8 * random.normal())) / 10;
    return { heat: `H${k + 1}`, carbon, temperatureK, route, strengthMPa };
  });
}

export const ALLOY_HEADER = "Heat,C (wt%),Tempering temperature (K),Route,Yield strength (MPa)";

/** The rows as CSV lines, header first. */
export function alloyLines(rows: readonly AlloyRow[] = alloyRows()): string[] {
  return [ALLOY_HEADER, ...rows.map((r) => [r.heat, r.carbon, r.temperatureK, r.route, r.strengthMPa].join(","))];
}

export function csv(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
