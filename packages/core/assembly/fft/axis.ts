import { columns, split } from "./long";
import { BLOCK, word } from "./plan";

/** Transforms an array of shape [outer, n, inner] along its middle axis, in place; n is the plan's length. */
export function axis(plan: usize, data: usize, outer: i32, inner: i32, work: usize): void {
  const n = word(plan, 0);
  if (n === 1) return;
  const stride = (inner as usize) << 4;
  for (let o = 0; o < outer; o++) {
    const start = data + (o as usize) * (n as usize) * stride;
    if (inner === 1 && word(plan, 9) > 0) {
      split(plan, start, work);
      continue;
    }
    for (let i = 0; i < inner; i += BLOCK) {
      const at = start + ((i as usize) << 4);
      columns(plan, at, stride, at, stride, min(BLOCK, inner - i), work);
    }
  }
}

/** One contiguous transform in place. */
export function line(plan: usize, x: usize, work: usize): void {
  if (word(plan, 9) > 0) split(plan, x, work);
  else columns(plan, x, 16, x, 16, 1, work);
}
