type Reals = Float32Array | Float64Array;

/**
 * One step of Adam with decoupled decay, for parameters `from` … `to` − 1: w ← w (1 − rate · decay) − rate m̂ / (√v̂ + ε), for the
 * corrected running means m̂ and v̂ of gradient and squared gradient.
 *
 * @param shrink1 1 − β₁ᵗ and `shrink2` 1 − β₂ᵗ of step t, counted from 1
 * @see Loshchilov & Hutter, ICLR (2019), arXiv:1711.05101
 */
export function adamStep(
  from: number,
  to: number,
  rate: number,
  decay: number,
  beta1: number,
  beta2: number,
  shrink1: number,
  shrink2: number,
  gradient: Reals,
  first: Reals,
  second: Reals,
  parameters: Reals,
): void {
  const keep = 1 - rate * decay;
  for (let k = from; k < to; k++) {
    const g = gradient[k];
    const m = beta1 * first[k] + (1 - beta1) * g;
    const v = beta2 * second[k] + (1 - beta2) * g * g;
    first[k] = m;
    second[k] = v;
    parameters[k] = keep * parameters[k] - (rate * (m / shrink1)) / (Math.sqrt(v / shrink2) + 1e-8);
  }
}
