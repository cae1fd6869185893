/** The numbers with that many decimals, commas between. */
export function listNumbers(values: readonly number[], digits: number): string {
  return values.map((value) => value.toFixed(digits)).join(", ");
}
