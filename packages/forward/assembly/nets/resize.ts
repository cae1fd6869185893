import { at } from "./layout";

/**
 * Adds dy [height, width, channels] to dx [inHeight, inWidth, channels]: output row i took share 1 - shares[i] from row
 * rows[2 i] and shares[i] from row rows[2 i + 1]; columns likewise.
 */
export function resizeGradient(
  height: i32,
  width: i32,
  channels: i32,
  inWidth: i32,
  rows: usize,
  rowShares: usize,
  columns: usize,
  columnShares: usize,
  dy: usize,
  dx: usize,
): void {
  for (let i = 0; i < height; i++) {
    const lower = load<f32>(at(rowShares, i));
    const upperRow = load<i32>(at(rows, 2 * i)) * inWidth;
    const lowerRow = load<i32>(at(rows, 2 * i + 1)) * inWidth;
    for (let j = 0; j < width; j++) {
      const right = load<f32>(at(columnShares, j));
      const l = load<i32>(at(columns, 2 * j));
      const r = load<i32>(at(columns, 2 * j + 1));
      const d = at(dy, (i * width + j) * channels);
      spread(channels, d, (1 - lower) * (1 - right), at(dx, (upperRow + l) * channels));
      spread(channels, d, (1 - lower) * right, at(dx, (upperRow + r) * channels));
      spread(channels, d, lower * (1 - right), at(dx, (lowerRow + l) * channels));
      spread(channels, d, lower * right, at(dx, (lowerRow + r) * channels));
    }
  }
}

function spread(n: i32, source: usize, share: f32, target: usize): void {
  if (share === 0) return;
  const factor = f32x4.splat(share);
  let c = 0;
  for (; c + 4 <= n; c += 4) {
    const t = at(target, c);
    v128.store(t, f32x4.add(v128.load(t), f32x4.mul(factor, v128.load(at(source, c)))));
  }
  for (; c < n; c++) store<f32>(at(target, c), load<f32>(at(target, c)) + share * load<f32>(at(source, c)));
}
