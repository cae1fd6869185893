/** Least variance that a net predicts, of targets with variance 1. */
export const LEAST_VARIANCE = 1e-4;

/** softplus(a) + least: the variance that an output stands for. */
export function varianceOf(a: number): number {
  return (a > 30 ? a : Math.log1p(Math.exp(a))) + LEAST_VARIANCE;
}

/**
 * ½ Σ w (ŷ − y)² over rows and targets, and its gradient by the outputs; targets that are NaN do not count. Further outputs of
 * a row have the gradient 0.
 *
 * @param outputs [n, stride], the first nTargets of a row are means; `y` [n, nTargets]; `weights` [n]; `gradient` like `outputs`
 * @returns the sum
 */
export function squaredNetLoss(
  n: number,
  nTargets: number,
  stride: number,
  outputs: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < stride; c++) gradient[i * stride + c] = 0;
    for (let t = 0; t < nTargets; t++) {
      const wanted = y[i * nTargets + t];
      if (Number.isNaN(wanted)) continue;
      const away = outputs[i * stride + t] - wanted;
      sum += 0.5 * weights[i] * away * away;
      gradient[i * stride + t] = weights[i] * away;
    }
  }
  return sum;
}

/**
 * Σ w |ŷ − y| over rows and targets, and its gradient by the outputs, as {@link squaredNetLoss}: what is learnt is the median.
 *
 * @returns the sum
 */
export function absoluteNetLoss(
  n: number,
  nTargets: number,
  stride: number,
  outputs: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < stride; c++) gradient[i * stride + c] = 0;
    for (let t = 0; t < nTargets; t++) {
      const wanted = y[i * nTargets + t];
      if (Number.isNaN(wanted)) continue;
      const away = outputs[i * stride + t] - wanted;
      sum += weights[i] * Math.abs(away);
      gradient[i * stride + t] = weights[i] * Math.sign(away);
    }
  }
  return sum;
}

/**
 * Negative log-likelihood of Laplace distributions of given median and variance 2 b², Σ w (log 2b + |y − μ| / b), and the gradient of the
 * same terms each times b^β, that factor taken as given: with β = 0 the likelihood, with β = 1 the slopes of the absolute error. Targets that are
 * NaN do not count.
 *
 * @param outputs [n, 2 nTargets], medians first, then what {@link varianceOf} takes
 * @returns the sum, without the factor
 */
export function laplaceNetLoss(
  n: number,
  nTargets: number,
  beta: number,
  outputs: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const stride = 2 * nTargets;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < nTargets; t++) {
      const at = i * stride + t;
      gradient[at] = 0;
      gradient[at + nTargets] = 0;
      const wanted = y[i * nTargets + t];
      if (Number.isNaN(wanted)) continue;
      const raw = outputs[at + nTargets];
      const b = Math.sqrt(0.5 * varianceOf(raw));
      const away = outputs[at] - wanted;
      const size = Math.abs(away);
      sum += weights[i] * (Math.log(2 * b) + size / b);
      const factor = weights[i] * b ** beta;
      gradient[at] = (factor * Math.sign(away)) / b;
      const slope = 1 / (1 + Math.exp(-raw));
      gradient[at + nTargets] = (factor * (1 / b - size / (b * b)) * slope) / (4 * b);
    }
  }
  return sum;
}

/**
 * Gaussian negative log-likelihood of means and variances, Σ w ½ (log σ² + (y − μ)² / σ²), and the gradient of the same terms
 * each times σ^2β, that factor taken as given (β-NLL): with β = 0 the likelihood, with β = 1 the slopes of the squared error.
 * Targets that are NaN do not count.
 *
 * @param outputs [n, 2 nTargets], means first, then what {@link varianceOf} takes
 * @returns the sum, without the factor
 * @see Seitzer, Tavakoli, Antic & Martius, ICLR (2022), arXiv:2203.09168
 */
export function likelihoodNetLoss(
  n: number,
  nTargets: number,
  beta: number,
  outputs: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const stride = 2 * nTargets;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < nTargets; t++) {
      const at = i * stride + t;
      gradient[at] = 0;
      gradient[at + nTargets] = 0;
      const wanted = y[i * nTargets + t];
      if (Number.isNaN(wanted)) continue;
      const raw = outputs[at + nTargets];
      const variance = varianceOf(raw);
      const away = outputs[at] - wanted;
      sum += 0.5 * weights[i] * (Math.log(variance) + (away * away) / variance);
      const factor = weights[i] * variance ** beta;
      gradient[at] = (factor * away) / variance;
      const slope = 1 / (1 + Math.exp(-raw));
      gradient[at + nTargets] = factor * 0.5 * (1 / variance - (away * away) / (variance * variance)) * slope;
    }
  }
  return sum;
}

/**
 * Log loss of a softmax, −Σ w log p of the true class, and its gradient by the logits.
 *
 * @param outputs [n, nClasses]; `codes` [n]
 */
export function softmaxNetLoss(
  n: number,
  nClasses: number,
  outputs: Float64Array,
  codes: Int32Array,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const row = i * nClasses;
    let most = outputs[row];
    for (let c = 1; c < nClasses; c++) if (outputs[row + c] > most) most = outputs[row + c];
    let total = 0;
    for (let c = 0; c < nClasses; c++) total += Math.exp(outputs[row + c] - most);
    const norm = most + Math.log(total);
    sum += weights[i] * (norm - outputs[row + codes[i]]);
    for (let c = 0; c < nClasses; c++) {
      gradient[row + c] = weights[i] * (Math.exp(outputs[row + c] - norm) - (c === codes[i] ? 1 : 0));
    }
  }
  return sum;
}
