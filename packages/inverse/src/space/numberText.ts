/** A number with at most six significant digits, as in messages. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** {@link shortNumber} and its unit, if it has one. */
export function withUnit(value: number, unit: string): string {
  return unit === "" ? shortNumber(value) : `${shortNumber(value)} ${unit}`;
}
