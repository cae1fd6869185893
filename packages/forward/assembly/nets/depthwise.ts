import { at } from "./layout";

/**
 * Adds to `gradient` [tapsY, tapsX, channels, multiplier] what one padded image [·, paddedWidth, channels] and
 * dy [height, width, channels · multiplier] give.
 */
export function depthwiseFilterGradient(
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  tapsY: i32,
  tapsX: i32,
  strideY: i32,
  strideX: i32,
  dilationY: i32,
  dilationX: i32,
  paddedWidth: i32,
  image: usize,
  dy: usize,
  gradient: usize,
): void {
  const outputs = channels * multiplier;
  for (let y = 0; y < tapsY; y++) {
    for (let x = 0; x < tapsX; x++) {
      const g = at(gradient, (y * tapsX + x) * outputs);
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const p = (i * strideY + y * dilationY) * paddedWidth + j * strideX + x * dilationX;
          const a = at(image, p * channels);
          const b = at(dy, (i * width + j) * outputs);
          let c = 0;
          if (multiplier === 1) {
            for (; c + 4 <= channels; c += 4) {
              const product = f32x4.mul(v128.load(at(a, c)), v128.load(at(b, c)));
              v128.store(at(g, c), f32x4.add(v128.load(at(g, c)), product));
            }
          }
          for (; c < channels; c++) {
            const value = load<f32>(at(a, c));
            for (let o = c * multiplier; o < (c + 1) * multiplier; o++) {
              store<f32>(at(g, o), load<f32>(at(g, o)) + value * load<f32>(at(b, o)));
            }
          }
        }
      }
    }
  }
}

/** Adds to dx [inHeight, inWidth, channels] what dy [height, width, channels · multiplier] gives through the filter. */
export function depthwiseInputGradient(
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  tapsY: i32,
  tapsX: i32,
  strideY: i32,
  strideX: i32,
  dilationY: i32,
  dilationX: i32,
  inHeight: i32,
  inWidth: i32,
  top: i32,
  left: i32,
  dy: usize,
  filter: usize,
  dx: usize,
): void {
  const outputs = channels * multiplier;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const b = at(dy, (i * width + j) * outputs);
      for (let y = 0; y < tapsY; y++) {
        const row = i * strideY + y * dilationY - top;
        if (row < 0 || row >= inHeight) continue;
        for (let x = 0; x < tapsX; x++) {
          const column = j * strideX + x * dilationX - left;
          if (column < 0 || column >= inWidth) continue;
          const w = at(filter, (y * tapsX + x) * outputs);
          const d = at(dx, (row * inWidth + column) * channels);
          let c = 0;
          if (multiplier === 1) {
            for (; c + 4 <= channels; c += 4) {
              const product = f32x4.mul(v128.load(at(w, c)), v128.load(at(b, c)));
              v128.store(at(d, c), f32x4.add(v128.load(at(d, c)), product));
            }
          }
          for (; c < channels; c++) {
            let sum = load<f32>(at(d, c));
            for (let o = c * multiplier; o < (c + 1) * multiplier; o++)
              sum += load<f32>(at(w, o)) * load<f32>(at(b, o));
            store<f32>(at(d, c), sum);
          }
        }
      }
    }
  }
}
