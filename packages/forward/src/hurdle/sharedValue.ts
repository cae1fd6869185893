/** The value that most rows share exactly; the smaller one of several. */
export interface SharedValue {
  readonly value: number;
  readonly count: number;
}

/** @param y - at least one finite value */
export function sharedValue(y: Float64Array): SharedValue {
  const sorted = y.slice().sort();
  let best: SharedValue = { value: Number.NaN, count: 0 };
  for (let from = 0; from < sorted.length; ) {
    const value = sorted[from] as number; // below length
    let to = from;
    while (sorted[to] === value) to++;
    if (to - from > best.count) best = { value, count: to - from };
    from = to;
  }
  return best;
}
