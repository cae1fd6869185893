import { figures } from "../terminal/figures.ts";

/** Four significant figures; a dash for what was not measured. */
export function short(value: number | undefined): string {
  return value === undefined ? "–" : figures(Number(value.toPrecision(4)));
}

/** Two decimals, as grain size numbers have. */
export function fixed(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
