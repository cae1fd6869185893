/** A value as a person reads it: at most five significant figures, no exponent for everyday sizes; text as it is. */
export function figures(value: number | string): string {
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return "–";
  return String(Number(value.toPrecision(5)));
}

/** A value and its standard error, both to two figures of the error: `42.6 ± 3.4`. */
export function withError(value: number, error: number): string {
  if (!(error > 0 && Number.isFinite(error) && Number.isFinite(value))) return figures(value);
  const decimals = Math.min(20, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${value.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
}

/** Three significant figures, as scores have. */
export function threeFigures(value: number): string {
  return figures(Number(value.toPrecision(3)));
}

/** A share as per cent with one decimal; a dash for what was not measured. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** `1 row`, `2 rows`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
