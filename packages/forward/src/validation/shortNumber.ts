/** A number as people read it: so many digits, without trailing zeros. */
export function shortNumber(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}
