/** Pearson's r over the rows where both x and y are numbers (two passes); 0 where either is constant there. */
export function pairCorrelation(n: number, x: Float64Array, y: Float64Array): number {
  let meanX = 0;
  let meanY = 0;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const a = x[i];
    const b = y[i];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    meanX += a;
    meanY += b;
    count++;
  }
  if (count < 2) return 0;
  meanX /= count;
  meanY /= count;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const a = x[i] - meanX;
    const b = y[i] - meanY;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  return scale > 0 ? xy / scale : 0;
}
