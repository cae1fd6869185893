import { at } from "./layout";

function copy(n: i32, source: usize, target: usize): void {
  let c = 0;
  for (; c + 4 <= n; c += 4) v128.store(at(target, c), v128.load(at(source, c)));
  for (; c < n; c++) store<f32>(at(target, c), load<f32>(at(source, c)));
}

/**
 * out [height, width, m + n]: the channels of `skip` [height, width, m], then those of `low` [height / 2, width / 2, n] with every
 * pixel doubled along both axes. For a stack of images `height` counts the rows of all.
 */
export function join(height: i32, width: i32, m: i32, n: i32, skip: usize, low: usize, out: usize): void {
  let s = skip;
  let t = out;
  for (let i = 0; i < height; i++) {
    const row = at(low, (i >> 1) * (width >> 1) * n);
    for (let j = 0; j < width; j++) {
      copy(m, s, t);
      copy(n, at(row, (j >> 1) * n), at(t, m));
      s = at(s, m);
      t = at(t, m + n);
    }
  }
}

/** Gradient of `join`: writes dSkip and dLow. */
export function splitJoined(height: i32, width: i32, m: i32, n: i32, dy: usize, dSkip: usize, dLow: usize): void {
  const pixel = ((m + n) as usize) << 2;
  const line = pixel * (width as usize);
  let d = dy;
  let s = dSkip;
  for (let p = 0; p < height * width; p++) {
    copy(m, d, s);
    s = at(s, m);
    d += pixel;
  }
  let t = dLow;
  for (let i = 0; i < height; i += 2) {
    let u = at(dy, m) + line * (i as usize);
    for (let j = 0; j < width; j += 2) {
      let c = 0;
      for (; c + 4 <= n; c += 4) {
        const v = at(u, c);
        const upper = f32x4.add(v128.load(v), v128.load(v + pixel));
        const lower = f32x4.add(v128.load(v + line), v128.load(v + line + pixel));
        v128.store(at(t, c), f32x4.add(upper, lower));
      }
      for (; c < n; c++) {
        const v = at(u, c);
        store<f32>(at(t, c), load<f32>(v) + load<f32>(v + pixel) + (load<f32>(v + line) + load<f32>(v + line + pixel)));
      }
      t = at(t, n);
      u += 2 * pixel;
    }
  }
}
