/**
 * Σ over boxes of Π over objectives of (h(upper edge) − h(lower edge)), and its derivatives where each h is shifted or scaled.
 *
 * @param lowerEdge, upperEdge [boxes, m]: where in `h`, `cdf`, `pdf` the edges of a box stand
 * @param h, cdf, pdf per edge at z = (edge − mean) / std: φ(z) + z Φ(z), Φ(z), φ(z); 0 at −∞
 * @param dCdf, dPdf [m], added to: Σ Π over the others · (Φ(upper) − Φ(lower)), the same with φ
 */
export function boxExpectation(
  boxes: number,
  m: number,
  lowerEdge: Int32Array,
  upperEdge: Int32Array,
  h: Float64Array,
  cdf: Float64Array,
  pdf: Float64Array,
  dCdf: Float64Array,
  dPdf: Float64Array,
): number {
  let total = 0;
  for (let k = 0; k < boxes; k++) {
    const from = k * m;
    let product = 1;
    for (let j = 0; j < m; j++) product *= h[upperEdge[from + j]] - h[lowerEdge[from + j]];
    total += product;
    for (let j = 0; j < m; j++) {
      let others = 1;
      for (let i = 0; i < m; i++) if (i !== j) others *= h[upperEdge[from + i]] - h[lowerEdge[from + i]];
      const low = lowerEdge[from + j];
      const high = upperEdge[from + j];
      dCdf[j] += others * (cdf[high] - cdf[low]);
      dPdf[j] += others * (pdf[high] - pdf[low]);
    }
  }
  return total;
}

/**
 * The logarithm of {@link boxExpectation}, from the logarithms of h, Φ and φ, where the products would underflow.
 *
 * @param terms workspace, [boxes]
 * @param dCdf, dPdf [m], overwritten: the derivatives as there, divided by the sum
 */
export function logBoxExpectation(
  boxes: number,
  m: number,
  lowerEdge: Int32Array,
  upperEdge: Int32Array,
  logH: Float64Array,
  logCdf: Float64Array,
  logPdf: Float64Array,
  terms: Float64Array,
  dCdf: Float64Array,
  dPdf: Float64Array,
): number {
  dCdf.fill(0);
  dPdf.fill(0);
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < boxes; k++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += logDifference(logH[upperEdge[k * m + j]], logH[lowerEdge[k * m + j]]);
    terms[k] = sum;
    if (sum > largest) largest = sum;
  }
  if (!(largest > Number.NEGATIVE_INFINITY)) return largest;
  let total = 0;
  for (let k = 0; k < boxes; k++) total += Math.exp(terms[k] - largest);
  for (let k = 0; k < boxes; k++) {
    const share = Math.exp(terms[k] - largest) / total;
    if (share === 0) continue;
    for (let j = 0; j < m; j++) {
      const low = lowerEdge[k * m + j];
      const high = upperEdge[k * m + j];
      const width = logDifference(logH[high], logH[low]);
      dCdf[j] += share * Math.exp(logDifference(logCdf[high], logCdf[low]) - width);
      dPdf[j] += share * (Math.exp(logPdf[high] - width) - Math.exp(logPdf[low] - width));
    }
  }
  return largest + Math.log(total);
}

/** ln(e^a − e^b), a ≥ b. */
function logDifference(a: number, b: number): number {
  if (b === Number.NEGATIVE_INFINITY) return a;
  const x = b - a;
  return a + (x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x)));
}
