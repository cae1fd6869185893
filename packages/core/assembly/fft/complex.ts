// Complex numbers as vectors (re, im).

/** a times a root stored as (re, −im, im). */
export function times(a: v128, root: usize): v128 {
  return f64x2.add(f64x2.mul(a, v128.load64_splat(root)), f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), v128.load(root, 8)));
}

/** a times b, both as (re, im). */
export function timesPair(a: v128, b: v128): v128 {
  const cross = f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), v128.shuffle<f64>(b, b, 1, 1));
  return f64x2.add(f64x2.mul(a, v128.shuffle<f64>(b, b, 0, 0)), v128.xor(cross, f64x2(-0.0, 0)));
}

/** a times −i (mask (0, −0), forward) or i (mask (−0, 0), inverse). */
export function turned(a: v128, mask: v128): v128 {
  return v128.xor(v128.shuffle<f64>(a, a, 1, 0), mask);
}

export function maskOf(direction: i32): v128 {
  return direction < 0 ? f64x2(0, -0.0) : f64x2(-0.0, 0);
}
