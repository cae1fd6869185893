/** Squared error: gradient w (F − y), hessian w. `sums` takes the sum of the gradients' magnitudes and that of the hessians. */
export function squaredGradients(
  n: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
  sums: Float64Array,
): void {
  let sumGradients = 0;
  let sumHessians = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const g = w * (scores[i] - y[i]);
    gradients[i] = g;
    hessians[i] = w;
    sumGradients += Math.abs(g);
    sumHessians += w;
  }
  sums[0] = sumGradients;
  sums[1] = sumHessians;
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
  sums: Float64Array,
): void {
  let sumGradients = 0;
  let sumHessians = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const residual = y[i] - scores[i];
    const g = residual === 0 ? 0 : residual < 0 ? w * (1 - p) : -w * p;
    gradients[i] = g;
    hessians[i] = w;
    sumGradients += Math.abs(g);
    sumHessians += w;
  }
  sums[0] = sumGradients;
  sums[1] = sumHessians;
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
  sums: Float64Array,
): void {
  let sumGradients = 0;
  let sumHessians = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const g = w * Math.max(-delta, Math.min(delta, scores[i] - y[i]));
    gradients[i] = g;
    hessians[i] = w;
    sumGradients += Math.abs(g);
    sumHessians += w;
  }
  sums[0] = sumGradients;
  sums[1] = sumHessians;
}

/** Poisson deviance of the mean μ = exp F: gradient w (μ − y), hessian w μ. */
export function poissonGradients(
  n: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
  sums: Float64Array,
): void {
  let sumGradients = 0;
  let sumHessians = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const mean = Math.exp(scores[i]);
    const g = w * (mean - y[i]);
    const h = w * mean;
    gradients[i] = g;
    hessians[i] = h;
    sumGradients += Math.abs(g);
    sumHessians += h;
  }
  sums[0] = sumGradients;
  sums[1] = sumHessians;
}

/** Gamma deviance of the mean μ = exp F: gradient w (1 − y / μ), hessian w y / μ. */
export function gammaGradients(
  n: number,
  y: Float64Array,
  scores: Float64Array,
  weights: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
  sums: Float64Array,
): void {
  let sumGradients = 0;
  let sumHessians = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const ratio = y[i] * Math.exp(-scores[i]);
    const g = w * (1 - ratio);
    const h = w * ratio;
    gradients[i] = g;
    hessians[i] = h;
    sumGradients += Math.abs(g);
    sumHessians += h;
  }
  sums[0] = sumGradients;
  sums[1] = sumHessians;
}
