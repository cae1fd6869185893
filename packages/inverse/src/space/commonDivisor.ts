/** Greatest common divisor of decimal numbers, to nine decimals; undefined for none, or for numbers of more decimals. */
export function commonDivisor(values: readonly number[]): number | undefined {
  let divisor = 0;
  for (const value of values) {
    const whole = Math.round(value * 1e9);
    if (Math.abs(whole - value * 1e9) > 1e-6 * whole) return undefined;
    let [x, y] = [divisor, whole];
    while (y !== 0) [x, y] = [y, x % y];
    divisor = x;
  }
  return divisor === 0 ? undefined : divisor / 1e9;
}
