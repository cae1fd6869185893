/** Squared error: gradient w (F − y), hessian w. */
export function squaredGradients(
  n: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    gradients[i] = w * (scores[i] - y[i]);
    hessians[i] = w;
  }
}

/** Pinball loss of level p (½: half the absolute error): gradient w (1 − p) where F > y, else −w p; hessian w. */
export function pinballGradients(
  n: number,
  p: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const residual = y[i] - scores[i];
    gradients[i] = residual === 0 ? 0 : residual < 0 ? w * (1 - p) : -w * p;
    hessians[i] = w;
  }
}

/** Huber loss: gradient w (F − y), its size at most w `delta`; hessian w. */
export function huberGradients(
  n: number,
  delta: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    gradients[i] = w * Math.max(-delta, Math.min(delta, scores[i] - y[i]));
    hessians[i] = w;
  }
}

/** Poisson deviance of the mean μ = exp F: gradient w (μ − y), hessian w μ. */
export function poissonGradients(
  n: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const mean = Math.exp(scores[i]);
    const g = w * (mean - y[i]);
    gradients[i] = g;
    hessians[i] = w * mean;
  }
}

/** Gamma deviance of the mean μ = exp F: gradient w (1 − y / μ), hessian w y / μ. */
export function gammaGradients(
  n: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const ratio = y[i] * Math.exp(-scores[i]);
    const g = w * (1 - ratio);
    gradients[i] = g;
    hessians[i] = w * ratio;
  }
}
