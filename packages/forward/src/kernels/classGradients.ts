/**
 * Probabilities from scores, both [nOutputs, n]: the logistic function of a single output, else the softmax over the outputs.
 */
export function classProbabilities(
  n: number,
  nOutputs: number,
  scores: Float64Array,
  probabilities: Float64Array,
): void {
  if (nOutputs === 1) {
    for (let i = 0; i < n; i++) probabilities[i] = 1 / (1 + Math.exp(-scores[i]));
    return;
  }
  for (let i = 0; i < n; i++) {
    let most = scores[i];
    for (let k = 1; k < nOutputs; k++) most = Math.max(most, scores[k * n + i]);
    let sum = 0;
    for (let k = 0; k < nOutputs; k++) {
      const odds = Math.exp(scores[k * n + i] - most);
      probabilities[k * n + i] = odds;
      sum += odds;
    }
    for (let k = 0; k < nOutputs; k++) probabilities[k * n + i] /= sum;
  }
}

/**
 * Gradient w (p − y) and hessian w p (1 − p) of the weighted log loss by the score of one output, where y is 1 for rows of
 * class `target`, else 0.
 */
export function classGradients(
  n: number,
  target: number,
  classes: Int32Array,
  probabilities: Float64Array,
  offset: number,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const p = probabilities[offset + i];
    const w = weights[i];
    gradients[i] = w * (p - +(classes[i] === target));
    hessians[i] = w * p * (1 - p);
  }
}
