/** Index of the first NaN or infinity among data[from] … data[to − 1], or −1. */
export function firstNonFinite(from: number, to: number, data: Float64Array): number {
  // x − x is 0 for each finite x and NaN for the others, and NaN stays in a sum.
  let i = from;
  while (i + 1024 <= to) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    const end = i + 1024;
    for (let k = i; k < end; k += 4) {
      a += data[k] - data[k];
      b += data[k + 1] - data[k + 1];
      c += data[k + 2] - data[k + 2];
      d += data[k + 3] - data[k + 3];
    }
    if (a + b + (c + d) !== 0) break;
    i = end;
  }
  for (; i < to; i++) if (data[i] - data[i] !== 0) return i;
  return -1;
}
