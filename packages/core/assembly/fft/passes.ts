import { maskOf } from "./complex";
import { address, PASSES, word } from "./plan";
import { radix2, radix3, radix4, radix5, radix8, radixOdd } from "./radices";

function pass(
  r: i32,
  m: i32,
  sq: i32,
  count: i32,
  x: usize,
  xs: usize,
  y: usize,
  ys: usize,
  roots: usize,
  matrix: usize,
  mask: v128,
): void {
  const row = (count as usize) << 4;
  if (xs === row && ys === row) {
    count *= sq;
    xs *= sq;
    ys *= sq;
    sq = 1;
  }
  if (r === 8) {
    radix8<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix8<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else if (r === 4) {
    radix4<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix4<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else if (r === 2) {
    radix2<f64>(0, 1, m, sq, count, x, xs, y, ys, roots);
    radix2<i32>(1, m, m, sq, count, x, xs, y, ys, roots);
  } else if (r === 3) {
    radix3<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix3<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else if (r === 5) {
    radix5<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix5<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else {
    radixOdd(r, m, sq, count, x, xs, y, ys, roots, matrix, mask);
  }
}

/** All passes over `count` columns: element e of column b stands at x + e · xs + 16 b, and goes to y + e · ys + 16 b. */
export function passes(plan: usize, x: usize, xs: usize, y: usize, ys: usize, count: i32, work: usize): void {
  const n = word(plan, 0);
  const mask = maskOf(word(plan, 1));
  const total = word(plan, 2);
  const row = (count as usize) << 4;
  const other = work + (n as usize) * row;
  let source = x;
  let sourceStride = xs;
  let m = n;
  let sq = 1;
  for (let i = 0; i < total; i++) {
    const step = plan + PASSES + ((i as usize) << 4);
    const r = word(step, 0);
    m /= r;
    let target = (i & 1) === 0 ? work : other;
    let targetStride = row;
    if (i === total - 1) {
      target = y;
      targetStride = ys;
    }
    pass(r, m, sq, count, source, sourceStride, target, targetStride, address(step, 1), address(step, 2), mask);
    source = target;
    sourceStride = targetStride;
    sq *= r;
  }
}
