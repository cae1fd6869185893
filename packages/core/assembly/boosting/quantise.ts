import { HESSIAN_BITS } from "./memory";

/** Gradients and hessians (f64) of n samples as pairs that count one sample each. */
export function quantise(
  n: i32,
  gradients: usize,
  hessians: usize,
  gradientScale: f64,
  hessianScale: f64,
  pairs: usize,
): void {
  for (let i = 0; i < n; i++) {
    const at = (i as usize) << 3;
    const g = nearest(load<f64>(gradients + at) * gradientScale) as i64;
    const h = nearest(load<f64>(hessians + at) * hessianScale) as i64;
    store<i64>(pairs + (at << 1), g);
    store<i64>(pairs + (at << 1), ((1 as i64) << HESSIAN_BITS) | h, 8);
  }
}
