import { at } from "./layout";

/** max(0, x + bias); not a number where the sum is none. */
export function rectified(x: v128, bias: v128): v128 {
  return f32x4.pmax(f32x4.add(x, bias), f32x4.splat(0));
}

/** max(0, x + bias) in place of x [pixels, channels], a bias per channel. */
export function rectify(pixels: i32, channels: i32, bias: usize, x: usize): void {
  for (let p = 0; p < pixels; p++) {
    const row = at(x, p * channels);
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const q = at(row, c);
      v128.store(q, rectified(v128.load(q), v128.load(at(bias, c))));
    }
    for (; c < channels; c++) {
      const v = load<f32>(at(row, c)) + load<f32>(at(bias, c));
      store<f32>(at(row, c), max<f32>(v, 0));
    }
  }
}
