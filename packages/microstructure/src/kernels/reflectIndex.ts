/** Index reflected into 0 … n − 1 about the borders of the edge pixels (… b a | a b c d | d c …). */
export function reflectIndex(i: number, n: number): number {
  const period = 2 * n;
  let k = i % period;
  if (k < 0) k += period;
  return k < n ? k : period - 1 - k;
}
