/**
 * Weighted log loss of a linear softmax plus ½ penalty Σ w², and its gradient. Vectors v = 0 … nVectors − 1 are the weights of
 * class v and then its intercept; a last class without a vector (nVectors = nClasses − 1) has the logit 0.
 *
 * @param z features, [n, p]; `codes` classes of the rows, [n]; `weights` of the rows, [n]
 * @param parameters [nVectors, p + 1]; `gradient` likewise; `logits` scratch of nClasses
 */
export function softmaxObjective(
  n: number,
  p: number,
  nClasses: number,
  nVectors: number,
  z: Float64Array,
  codes: Int32Array,
  weights: Float64Array,
  penalty: number,
  parameters: Float64Array,
  gradient: Float64Array,
  logits: Float64Array,
): number {
  const stride = p + 1;
  let value = 0;
  for (let v = 0; v < nVectors; v++) {
    for (let k = 0; k < p; k++) {
      const w = parameters[v * stride + k];
      value += 0.5 * penalty * w * w;
      gradient[v * stride + k] = penalty * w;
    }
    gradient[v * stride + p] = 0;
  }
  for (let i = 0; i < n; i++) {
    const at = i * p;
    softmaxLogits(p, nClasses, nVectors, z, at, parameters, logits);
    let most = logits[0];
    for (let c = 1; c < nClasses; c++) if (logits[c] > most) most = logits[c];
    let sum = 0;
    for (let c = 0; c < nClasses; c++) sum += Math.exp(logits[c] - most);
    const norm = most + Math.log(sum);
    value += weights[i] * (norm - logits[codes[i]]);
    for (let v = 0; v < nVectors; v++) {
      const slope = weights[i] * (Math.exp(logits[v] - norm) - (codes[i] === v ? 1 : 0));
      const to = v * stride;
      for (let k = 0; k < p; k++) gradient[to + k] += slope * z[at + k];
      gradient[to + p] += slope;
    }
  }
  return value;
}

/** Logits of the row that starts at `at`. */
export function softmaxLogits(
  p: number,
  nClasses: number,
  nVectors: number,
  z: Float64Array,
  at: number,
  parameters: Float64Array,
  logits: Float64Array,
): void {
  for (let v = 0; v < nVectors; v++) {
    const from = v * (p + 1);
    let sum = parameters[from + p];
    for (let k = 0; k < p; k++) sum += parameters[from + k] * z[at + k];
    logits[v] = sum;
  }
  for (let c = nVectors; c < nClasses; c++) logits[c] = 0;
}
