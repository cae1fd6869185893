/** A number with at most six significant digits, as in messages. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** {@link shortNumber} and its unit, if it has one; text as it is. */
export function withUnit(value: number | string, unit: string): string {
  const text = typeof value === "number" ? shortNumber(value) : value;
  return unit === "" ? text : `${text} ${unit}`;
}
