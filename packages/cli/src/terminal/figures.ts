/** A value as a person reads it: at most five significant figures, no exponent for everyday sizes; text as it is. */
export function figures(value: number | string): string {
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return "–";
  return String(Number(value.toPrecision(5)));
}
