/** Two decimals are enough for a pixel position and keep reports small. */
export function r(value: number): number {
  return Math.round(value * 100) / 100;
}
