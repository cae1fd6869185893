/** Settings of one step of AdamW: decay of the moments, what keeps the quotient finite, decoupled decay of weights. */
export interface AdamSettings {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Share of each weight taken off per unit of rate. */
  readonly decay: number;
}

/**
 * One step of Adam with decoupled weight decay on n numbers in place: `step` counts from 1, gradients are multiplied by `factor` first.
 * @see D. P. Kingma, J. Ba, arXiv:1412.6980; I. Loshchilov, F. Hutter, arXiv:1711.05101
 */
export function adamStep(
  n: number,
  step: number,
  factor: number,
  settings: AdamSettings,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  values: Float32Array,
): void {
  const { rate, beta1, beta2, epsilon, decay } = settings;
  const correct1 = 1 / (1 - beta1 ** step);
  const correct2 = 1 / (1 - beta2 ** step);
  const keep = 1 - rate * decay;
  for (let i = 0; i < n; i++) {
    const g = factor * gradient[i]!; // i < n, the length of all four
    const m = beta1 * first[i]! + (1 - beta1) * g;
    const v = beta2 * second[i]! + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    values[i] = keep * values[i]! - (rate * m * correct1) / (Math.sqrt(v * correct2) + epsilon);
  }
}
