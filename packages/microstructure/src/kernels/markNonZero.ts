/** `out[i]` becomes 1 where `values[i]` is not 0, else 0. (`Uint8Array.from` with a function is many times slower.) */
export function markNonZero(size: number, values: ArrayLike<number>, out: Uint8Array): void {
  for (let i = 0; i < size; i++) out[i] = values[i] === 0 ? 0 : 1;
}
