/** Index of the first NaN or infinity among data[from] … data[to − 1], or −1. */
export function firstNonFinite(from: number, to: number, data: Float64Array): number {
  for (let i = from; i < to; i++) {
    if (data[i] - data[i] !== 0) return i;
  }
  return -1;
}
