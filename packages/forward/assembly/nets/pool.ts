import { at } from "./layout";

/**
 * Adds dy [height, width, channels] to dx [inHeight, inWidth, channels] where each window has its largest value, the first
 * in row order where several are as large. Windows end at the edges of the image.
 */
export function maxPoolGradient(
  height: i32,
  width: i32,
  channels: i32,
  tapsY: i32,
  tapsX: i32,
  strideY: i32,
  strideX: i32,
  inHeight: i32,
  inWidth: i32,
  top: i32,
  left: i32,
  x: usize,
  dy: usize,
  dx: usize,
): void {
  for (let i = 0; i < height; i++) {
    const y = i * strideY - top;
    const rows = min(inHeight, y + tapsY);
    for (let j = 0; j < width; j++) {
      const k = j * strideX - left;
      const columns = min(inWidth, k + tapsX);
      let d = at(dy, (i * width + j) * channels);
      for (let c = 0; c < channels; c++) {
        let best: f32 = 0;
        let place = -1;
        for (let row = max(0, y); row < rows; row++) {
          for (let column = max(0, k); column < columns; column++) {
            const p = (row * inWidth + column) * channels + c;
            const value = load<f32>(at(x, p));
            if (place < 0 || value > best) {
              best = value;
              place = p;
            }
          }
        }
        if (place >= 0) store<f32>(at(dx, place), load<f32>(at(dx, place)) + load<f32>(d));
        d += 4;
      }
    }
  }
}

/** Adds dy to dx in equal shares over the pixels of each window that lie inside the image. */
export function averagePoolGradient(
  height: i32,
  width: i32,
  channels: i32,
  tapsY: i32,
  tapsX: i32,
  strideY: i32,
  strideX: i32,
  inHeight: i32,
  inWidth: i32,
  top: i32,
  left: i32,
  dy: usize,
  dx: usize,
): void {
  for (let i = 0; i < height; i++) {
    const firstRow = max(0, i * strideY - top);
    const rows = min(inHeight, i * strideY - top + tapsY);
    for (let j = 0; j < width; j++) {
      const firstColumn = max(0, j * strideX - left);
      const columns = min(inWidth, j * strideX - left + tapsX);
      const share: f32 = (1 as f32) / (((rows - firstRow) * (columns - firstColumn)) as f32);
      const d = at(dy, (i * width + j) * channels);
      for (let row = firstRow; row < rows; row++) {
        for (let column = firstColumn; column < columns; column++) {
          const g = at(dx, (row * inWidth + column) * channels);
          for (let c = 0; c < channels; c++) {
            store<f32>(at(g, c), load<f32>(at(g, c)) + share * load<f32>(at(d, c)));
          }
        }
      }
    }
  }
}
